package dev.mediaferry.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What a rendition says of itself is measured: its bits by the lengths of its segments, its codecs by what stands before them. */
final class Measurement {

    /** A last segment that is shorter is counted with the one before it: a single key frame would look like a flood. */
    private static final double SHORT_SECONDS = 1;

    /** Profile, compatibility and level, after the version, in the configuration of H.264 (ISO/IEC 14496-15, 5.3.3.1). */
    private static final byte[] CONFIGURATION = "avcC".getBytes(StandardCharsets.US_ASCII);

    /** The only kind that ffmpeg's own AAC makes (ISO/IEC 14496-3, table 1.17). */
    private static final String SOUND = "mp4a.40.2";

    private static final byte[] SOUND_ENTRY = "mp4a".getBytes(StandardCharsets.US_ASCII);

    private Measurement() {}

    static Variant of(Path directory, MediaPlaylist playlist, Film film, Rung rung) throws IOException {
        double most = 0;
        long bytes = 0;
        long lastBytes = 0;
        double lastSeconds = 0;
        for (MediaPlaylist.Segment segment : playlist.segments()) {
            long length = Files.size(directory.resolve(segment.name()));
            boolean alone = segment.seconds() >= SHORT_SECONDS;
            lastBytes = alone ? length : lastBytes + length;
            lastSeconds = alone ? segment.seconds() : lastSeconds + segment.seconds();
            most = Math.max(most, lastBytes * 8 / lastSeconds);
            bytes += length;
        }
        return new Variant(
                (long) Math.ceil(most),
                (long) Math.ceil(bytes * 8 / playlist.seconds()),
                rung.width(),
                rung.height(),
                codecs(Files.readAllBytes(directory.resolve(playlist.init()))),
                film.frameRate().decimal());
    }

    static String codecs(byte[] init) {
        int at = find(init, CONFIGURATION);
        if (at < 0 || at + CONFIGURATION.length + 4 > init.length) {
            throw new FilmException(FilmFault.FAILED, "ffmpeg has made no H.264");
        }
        int profile = ByteBuffer.wrap(init, at + CONFIGURATION.length, 4).getInt() & 0xffffff;
        String picture = String.format(Locale.ROOT, "avc1.%06x", profile);
        return find(init, SOUND_ENTRY) < 0 ? picture : picture + "," + SOUND;
    }

    private static int find(byte[] bytes, byte[] wanted) {
        for (int i = 0; i + wanted.length <= bytes.length; i++) {
            if (ByteBuffer.wrap(bytes, i, wanted.length).equals(ByteBuffer.wrap(wanted))) {
                return i;
            }
        }
        return -1;
    }
}
