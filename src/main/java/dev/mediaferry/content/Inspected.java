package dev.mediaferry.content;

/**
 * What bytes are found to be.
 *
 * @param dimensions of a picture whose header says them, or null
 * @param endless true when nothing but the marker of the picture's end is missing
 */
record Inspected(MediaType type, Dimensions dimensions, boolean endless) {}
