package dev.mediaferry.video;

import java.util.Collection;
import java.util.Comparator;

/** Tells a player which rungs there are (RFC 8216, section 4.3.4). ffmpeg's own has neither average nor frame rate. */
public final class MasterPlaylist {

    private MasterPlaylist() {}

    /** @param variants in any order: a player begins with the first, which is the one that needs least */
    public static String of(Collection<Variant> variants) {
        StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
        variants.stream().sorted(Comparator.comparingLong(Variant::bandwidth)).forEach(variant -> text.append(
                        "#EXT-X-STREAM-INF:BANDWIDTH=")
                .append(variant.bandwidth())
                .append(",AVERAGE-BANDWIDTH=")
                .append(variant.average())
                .append(",RESOLUTION=")
                .append(variant.width())
                .append('x')
                .append(variant.height())
                .append(",CODECS=\"")
                .append(variant.codecs())
                .append("\",FRAME-RATE=")
                .append(variant.frameRate())
                .append('\n')
                .append(variant.playlist())
                .append('\n'));
        return text.toString();
    }
}
