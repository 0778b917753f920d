package dev.mediaferry.derivatives;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** Which of several thumbnails stands for a medium. */
final class Thumbnails {

    /** Longest side that lists show. */
    private static final int LISTED = 300;

    private Thumbnails() {}

    /** @return the address of the largest that suits a list, a JPEG rather than another; null when none was made that is public */
    static String best(List<Output> outputs) {
        return outputs.stream()
                .filter(output -> output.slot().kind() == Slot.Kind.THUMBNAIL && output.stored() != null)
                .filter(output -> output.stored().url() != null)
                .min(Comparator.comparing((Output output) -> output.slot().size() > LISTED)
                        .thenComparing(output -> Math.abs(output.slot().size() - LISTED))
                        .thenComparing(output -> !output.slot().format().equals("jpg")))
                .map(output -> output.stored().url())
                .filter(Objects::nonNull)
                .orElse(null);
    }
}
