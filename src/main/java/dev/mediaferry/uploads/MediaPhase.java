package dev.mediaferry.uploads;

/** The state of a medium as applications see it: with what its session and its owner add to it. */
public enum MediaPhase {
    PENDING,
    /** PENDING, and something of it was seen. */
    UPLOADING,
    UPLOADED,
    PROCESSING,
    READY,
    /** READY, and an owner has it. */
    ATTACHED,
    /** READY, and a sweep removes it unless an owner gets it. */
    UNUSED,
    FAILED
}
