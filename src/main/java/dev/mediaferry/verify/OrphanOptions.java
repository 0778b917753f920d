package dev.mediaferry.verify;

import java.time.Duration;

/**
 * Which orphans are looked for, and what becomes of them.
 *
 * @param olderThan younger objects are left out: the transfer that stores one may be under way
 * @param delete true to remove those that are ours
 * @param resume true to go on where a search with the same options was interrupted
 */
public record OrphanOptions(Duration olderThan, boolean delete, boolean resume) {}
