package dev.mediaferry.engine;

/** What an engine may be started for beyond moving fields. */
public enum Task {
    /** Runs over archives. */
    ARCHIVE,
    /** Imports of folders. */
    IMPORT,
    /** Putting old values back. */
    ROLLBACK,
    /** Schedule, import directory and server, until it is stopped. */
    SERVE
}
