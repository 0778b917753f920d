package dev.mediaferry.command;

import dev.mediaferry.registry.Registry;
import dev.mediaferry.registry.UploadType;
import dev.mediaferry.uploads.MediaEvent;
import dev.mediaferry.uploads.Medium;
import java.util.List;

/** A medium as commands show it; times in ISO 8601. What is not known is null. */
record MediumDocument(
        String id,
        String userId,
        String mediaType,
        String status,
        String phase,
        String storageKey,
        String bucket,
        String cdnUrl,
        String originalUrl,
        String fileName,
        Long fileSize,
        String mimeType,
        String sha256,
        Integer width,
        Integer height,
        Double duration,
        String failure,
        String message,
        String storageClass,
        String ownerType,
        String ownerId,
        String createdAt,
        String updatedAt) {

    /** With what happened to it. */
    record WithEvents(MediumDocument medium, List<Event> events) {}

    /** One thing that happened. */
    record Event(long id, String kind, String at) {

        static Event of(MediaEvent event) {
            return new Event(event.id(), event.kind(), event.createdAt().toString());
        }
    }

    static MediumDocument of(Medium medium, Registry registry) {
        boolean expectsOwner = registry.upload(medium.mediaType())
                .map(UploadType::expectsOwner)
                .orElse(false);
        return new MediumDocument(
                medium.id().toString(),
                medium.userId(),
                medium.mediaType(),
                medium.status().name(),
                medium.phase(expectsOwner).name(),
                medium.storageKey(),
                medium.bucket(),
                medium.cdnUrl(),
                medium.originalUrl(),
                medium.fileName(),
                medium.fileSize(),
                medium.mimeType(),
                medium.sha256(),
                medium.width(),
                medium.height(),
                medium.duration(),
                medium.failure(),
                medium.message(),
                medium.storageClass(),
                medium.ownerType(),
                medium.ownerId(),
                medium.createdAt().toString(),
                medium.updatedAt().toString());
    }
}
