package dev.mediaferry.content;

/**
 * What bytes were before they were compressed.
 *
 * @param length in bytes
 * @param sha256 64 hexadecimal digits
 */
public record Original(long length, String sha256) {}
