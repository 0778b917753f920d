package dev.mediaferry.console;

import java.util.Locale;

/** What somebody may do in the console. */
public enum Role {
    /** Sees everything, changes nothing. */
    VIEWER,
    /** Acts as well. */
    OPERATOR;

    static Role of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
