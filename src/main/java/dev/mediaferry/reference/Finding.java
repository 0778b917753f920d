package dev.mediaferry.reference;

import java.util.List;

/**
 * Something that is not as it has to be.
 *
 * @param clause what was looked at, by a short name
 * @param count how many rows, or things
 * @param samples some of them
 * @param words what it is, and what to do
 */
public record Finding(String clause, long count, List<String> samples, String words) {

    public Finding {
        samples = List.copyOf(samples);
    }
}
