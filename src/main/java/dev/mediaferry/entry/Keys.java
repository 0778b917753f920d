package dev.mediaferry.entry;

/**
 * What the keys of an entry's objects are like.
 *
 * @param shared true when equal bytes get the same key
 * @param reproducible true when others may have come to the same key, so that an object must only be created where there is none
 * @param prefix what all of them begin with; empty when they have nothing in common
 */
public record Keys(boolean shared, boolean reproducible, String prefix) {}
