package dev.mediaferry.derivatives;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.video.FilmException;

/** What becomes of a job that a film has failed. */
final class FilmFaults {

    private FilmFaults() {}

    static TransferException failure(FilmException e) {
        return new TransferException(
                switch (e.fault()) {
                    case NO_VIDEO -> FailureKind.NOT_MEDIA;
                    case NOT_TAKEN, HDR -> FailureKind.FILM_REFUSED;
                    case TOO_LONG -> FailureKind.TOO_LONG;
                    case DAMAGED -> FailureKind.DAMAGED;
                    case TIMEOUT -> FailureKind.TIMEOUT;
                    case NO_ROOM -> FailureKind.DISK_FULL;
                    case STOPPED -> FailureKind.INTERRUPTED;
                    case FAILED, UNAVAILABLE -> FailureKind.INTERNAL;
                },
                e.getMessage(),
                e);
    }
}
