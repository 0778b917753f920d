package dev.mediaferry.reference;

import java.util.List;

/**
 * Values of one kind on the old side.
 *
 * @param kind null, empty, exact, trim, url, several, none or value
 * @param treatment what becomes of them
 * @param samples ids of some rows with their values
 */
public record ValueClass(String kind, long rows, String meaning, String treatment, List<String> samples) {

    static final String MOVED = "moved";

    boolean isMoved() {
        return treatment.equals(MOVED);
    }
}
