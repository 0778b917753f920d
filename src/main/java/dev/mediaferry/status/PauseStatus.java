package dev.mediaferry.status;

/**
 * A bucket that a process leaves alone, since the store refuses everything.
 *
 * @param since in ISO 8601
 * @param reason what the store said last
 * @param host of the process, like {@code pid}
 */
public record PauseStatus(String bucket, String since, String reason, String host, long pid) {}
