package dev.mediaferry.storage;

import java.net.URI;
import java.util.Optional;

/**
 * A bucket of the registry, in the same store and with the same keys as the configured one.
 *
 * @param line in the registry, from 1
 * @param name that entries refer to it by
 * @param bucket as the store knows it
 * @param publicUrl what links to its objects start with; empty for its own address
 */
public record NamedBucket(int line, String name, String bucket, Optional<URI> publicUrl) {}
