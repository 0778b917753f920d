package dev.mediaferry.uploads;

import dev.mediaferry.failure.MediaferryException;
import java.util.UUID;

/** A table of the application refers to a medium, and does not let it be deleted. */
public final class MediumInUseException extends MediaferryException {

    private final String table;

    MediumInUseException(UUID id, String table, Throwable cause) {
        super("medium " + id + " is in use by the table " + table + ", whose foreign key does not let it go", cause);
        this.table = table;
    }

    /** With its schema. */
    public String table() {
        return table;
    }
}
