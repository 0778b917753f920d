package dev.mediaferry.storage;

/**
 * Where an object lies.
 *
 * @param bucket as the ledger keeps it: null for the configured one
 */
public record ObjectName(String bucket, String key) {}
