package dev.mediaferry.status;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Whether links are moved in time: 95 of 100 within a day after their record was made, and all before it is 60 days old.
 *
 * @param due links whose records were made within the last 30 days, and a day ago or earlier
 * @param inTime those of them that were moved within a day
 * @param overdue links that are not moved although their records are 60 days old
 */
public record Promise(long due, long inTime, long overdue) {

    /** Nothing to be moved yet. */
    static final Promise NOTHING = new Promise(0, 0, 0);

    /** @return the part that was moved within a day, rounded down to a tenth; null when nothing is due */
    @JsonProperty
    public Double percent() {
        return due == 0 ? null : Math.floorDiv(1000 * inTime, due) / 10.0;
    }

    Promise plus(Promise other) {
        return new Promise(due + other.due, inTime + other.inTime, overdue + other.overdue);
    }
}
