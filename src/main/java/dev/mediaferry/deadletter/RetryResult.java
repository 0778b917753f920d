package dev.mediaferry.deadletter;

/**
 * What became of dead letters that were to be tried again.
 *
 * @param retried wait for the next run
 * @param superseded their rows no longer hold the link, so they ended
 * @param unknown left as they are, since the registry no longer has their field
 */
public record RetryResult(long retried, long superseded, long unknown) {}
