package dev.mediaferry.uploads;

import java.time.Duration;

/**
 * How long the ledger knows what happened to media.
 *
 * @param events how long events are kept
 * @param delivered how long it is kept that somebody has heard of one
 */
public record EventMemory(Duration events, Duration delivered) {}
