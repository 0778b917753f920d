package dev.mediaferry.video;

import java.util.List;

/** Tells a player which rungs there are (RFC 8216, section 4.3.4). ffmpeg's own has neither average nor frame rate. */
public final class MasterPlaylist {

    /** Of all playlists (RFC 8216, section 4). */
    public static final String CONTENT_TYPE = "application/vnd.apple.mpegurl";

    private MasterPlaylist() {}

    /**
     * One rung.
     *
     * @param attributes see {@link Variant#attributes}
     * @param playlist address of its own playlist, relative to the master's or whole
     */
    public record Entry(String attributes, String playlist) {}

    /** @param rungs from the one that needs least, with which a player begins */
    public static String of(List<Entry> rungs) {
        StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
        for (Entry rung : rungs) {
            text.append("#EXT-X-STREAM-INF:")
                    .append(rung.attributes())
                    .append('\n')
                    .append(rung.playlist())
                    .append('\n');
        }
        return text.toString();
    }
}
