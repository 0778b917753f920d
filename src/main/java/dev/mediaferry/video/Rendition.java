package dev.mediaferry.video;

import java.nio.file.Path;
import java.util.List;

/**
 * A film in one size, as it lies in a scratch directory: one progressive MP4, and the same pictures in segments.
 *
 * @param film MP4 with its index in front
 * @param playlist of the segments
 * @param segments with what comes before them
 */
public record Rendition(Path film, Path playlist, List<Path> segments, Variant variant) {

    public Rendition {
        segments = List.copyOf(segments);
    }
}
