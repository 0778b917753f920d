package dev.mediaferry.planning;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A row of a page that the ledger holds back.
 *
 * @param place in the page, from 0
 * @param failure of a dead letter, or null
 */
public record HeldRow(int place, String failure) {

    /** @return the places of those rows that are left out */
    static Set<Integer> places(List<HeldRow> rows, Predicate<HeldRow> leftOut) {
        return rows.stream().filter(leftOut).map(HeldRow::place).collect(Collectors.toSet());
    }
}
