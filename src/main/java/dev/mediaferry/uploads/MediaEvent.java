package dev.mediaferry.uploads;

import java.time.Instant;

/**
 * What happened to a medium.
 *
 * @param kind like {@code media.ready}
 * @param data a JSON object: the medium as it is from then on; of an attachment what was attached
 */
public record MediaEvent(long id, String kind, Instant createdAt, String data) {}
