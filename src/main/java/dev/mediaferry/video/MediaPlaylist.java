package dev.mediaferry.video;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The playlist of one rung (RFC 8216, section 4.3.3), as ffmpeg has written it. Read strictly: what is not understood is not passed on.
 *
 * @param init name of what comes before each segment
 */
public record MediaPlaylist(String init, List<Segment> segments) {

    private static final String NAME = "[a-z0-9]{1,20}\\.(?:mp4|m4s)";
    private static final Pattern MAP = Pattern.compile("#EXT-X-MAP:URI=\"(" + NAME + ")\"");
    private static final Pattern EXTINF = Pattern.compile("#EXTINF:(\\d{1,4}\\.\\d{1,9}),");
    private static final Pattern OTHER =
            Pattern.compile("#EXTM3U|#EXT-X-VERSION:\\d|#EXT-X-TARGETDURATION:\\d{1,4}|#EXT-X-MEDIA-SEQUENCE:0"
                    + "|#EXT-X-PLAYLIST-TYPE:VOD|#EXT-X-INDEPENDENT-SEGMENTS");
    private static final String END = "#EXT-X-ENDLIST";

    /** @param seconds that it lasts */
    public record Segment(String name, double seconds) {}

    public MediaPlaylist {
        segments = List.copyOf(segments);
    }

    /** @throws FilmException when it is anything else than a whole list of segments */
    public static MediaPlaylist parse(List<String> lines) {
        String init = null;
        Double seconds = null;
        boolean ended = false;
        List<Segment> segments = new ArrayList<>();
        for (String line : lines) {
            Matcher map = MAP.matcher(line);
            Matcher extinf = EXTINF.matcher(line);
            if (ended) {
                throw wrong(line);
            } else if (init == null && map.matches()) {
                init = map.group(1);
            } else if (seconds == null && extinf.matches()) {
                seconds = Double.valueOf(extinf.group(1));
            } else if (seconds != null && line.matches(NAME)) {
                segments.add(new Segment(line, seconds));
                seconds = null;
            } else if (line.equals(END)) {
                ended = true;
            } else if (!OTHER.matcher(line).matches()) {
                throw wrong(line);
            }
        }
        if (init == null || !ended || seconds != null || segments.isEmpty()) {
            throw wrong("its end");
        }
        return new MediaPlaylist(init, segments);
    }

    /**
     * @param address of each file, by its name
     * @return the same playlist, for players that get it from elsewhere
     */
    public String leadingTo(UnaryOperator<String> address) {
        long target = segments.stream()
                .mapToLong(segment -> Math.round(segment.seconds()))
                .max()
                .orElseThrow();
        StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:")
                .append(target)
                .append(
                        "\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\"")
                .append(address.apply(init))
                .append("\"\n");
        for (Segment segment : segments) {
            text.append(String.format(Locale.ROOT, "#EXTINF:%.6f,\n", segment.seconds()))
                    .append(address.apply(segment.name()))
                    .append('\n');
        }
        return text.append(END).append('\n').toString();
    }

    double seconds() {
        return segments.stream().mapToDouble(Segment::seconds).sum();
    }

    private static FilmException wrong(String line) {
        return new FilmException(FilmFault.FAILED, "ffmpeg has made no whole playlist: " + line);
    }
}
