package dev.mediaferry.uploads;

import java.util.UUID;

/**
 * A medium whose object is in another storage class now: parameters of {@code media-moved.sql}.
 *
 * @param before its ETag before that
 * @param storageClass null for the one that objects are stored in
 */
public record MovedMedium(UUID id, String before, String etag, String storageClass) {}
