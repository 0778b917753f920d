package dev.mediaferry.uploads;

import dev.mediaferry.storage.StorageSettings;

/** A multipart upload that is under way. */
record OpenUpload(Medium medium, UploadSession session, StorageSettings bucket) {

    /** @return how many parts it has; empty where the client alone knows how long it is */
    Integer parts() {
        return session.declaredSize() == null
                ? null
                : (Integer) UploadSessions.parts(session.declaredSize(), session.partSize());
    }

    /** Bytes that it may have. */
    long most() {
        return session.declaredSize() == null ? session.maxBytes() : session.declaredSize();
    }
}
