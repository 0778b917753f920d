package dev.mediaferry.console;

/**
 * What tells that a page may show something new, from a few rows that are found by their keys: the row of {@code console-pulse.sql}.
 *
 * @param runs the newest runs and how far they are
 * @param hosts when something was learnt of a host last, and what operators want
 * @param acts the newest acts, and what has become of them
 */
record Pulse(String runs, String hosts, String acts) {}
