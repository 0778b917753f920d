package dev.mediaferry.verify;

import dev.mediaferry.failure.Redaction;
import dev.mediaferry.object.ObjectName;
import dev.mediaferry.verify.Found.Moved;
import java.time.Instant;

/** A transfer that may be about what somebody looks up: a row of {@code lookup.sql}, where most may be null. */
record FoundTransfer(
        long id,
        Long run,
        String entry,
        String rowKey,
        String state,
        String failure,
        String message,
        int attempts,
        Instant deadline,
        String source,
        String link,
        String target,
        String objectKey,
        String bucket,
        String objectState,
        String sha256,
        Long bytes,
        String contentType,
        Instant created,
        Instant updated) {

    ObjectName object() {
        return new ObjectName(bucket, objectKey);
    }

    /** @param value of the row that the transfer is about; null when that is empty */
    String holds(String value) {
        if (value == null) {
            return "nothing";
        }
        return value.equals(target) ? "target" : value.equals(source) ? "source" : "something else";
    }

    /** @return what of it may be shown */
    Moved moved() {
        return new Moved(
                id,
                entry,
                rowKey,
                state,
                failure,
                Redaction.of(message),
                attempts,
                run,
                Redaction.of(source),
                Redaction.of(link),
                target,
                objectKey,
                objectState,
                bytes,
                contentType,
                sha256,
                text(deadline),
                text(created),
                text(updated));
    }

    private static String text(Instant time) {
        return time == null ? null : time.toString();
    }
}
