package dev.mediaferry.uploads;

import java.util.UUID;

/**
 * What became of a medium that was to be brought back.
 *
 * @param state {@code restored}; {@code restoring} while the store works on it; {@code not-cold} for one that was not moved
 * @param readyBy when it can be read at the latest, in ISO 8601; null unless it is restoring
 */
public record RestoreReport(UUID id, String state, String readyBy) {}
