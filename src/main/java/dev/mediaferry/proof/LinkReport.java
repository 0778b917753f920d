package dev.mediaferry.proof;

import java.util.List;

/**
 * Which addresses answer.
 *
 * @param asked addresses
 * @param answered of them, with what they should
 * @param findings the others, the first of them
 */
public record LinkReport(long asked, long answered, List<Finding> findings) {

    public boolean failed() {
        return answered < asked;
    }
}
