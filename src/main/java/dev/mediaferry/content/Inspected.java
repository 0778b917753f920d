package dev.mediaferry.content;

/**
 * What bytes are found to be.
 *
 * @param endless true when nothing but the marker of the picture's end is missing
 */
record Inspected(MediaType type, boolean endless) {}
