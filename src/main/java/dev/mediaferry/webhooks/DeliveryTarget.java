package dev.mediaferry.webhooks;

import java.util.Locale;

/** Who hears of events. */
public enum DeliveryTarget {
    /** The user's application. */
    WEBHOOK,
    /** What a CDN has of objects that are gone. */
    PURGE;

    /** As the ledger has it. */
    String inLedger() {
        return name().toLowerCase(Locale.ROOT);
    }
}
