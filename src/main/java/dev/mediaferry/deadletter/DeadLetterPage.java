package dev.mediaferry.deadletter;

import java.util.List;

/**
 * A page of dead letters, newest first; the JSON document of {@code dead-letters}.
 *
 * @param total how many fit the selection, of which no more than asked for are listed
 */
public record DeadLetterPage(long total, List<DeadLetter> deadLetters) {

    public DeadLetterPage {
        deadLetters = List.copyOf(deadLetters);
    }
}
