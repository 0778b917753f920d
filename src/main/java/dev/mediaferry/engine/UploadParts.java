package dev.mediaferry.engine;

import dev.mediaferry.content.ContentSettings;
import dev.mediaferry.observe.UploadMetrics;
import dev.mediaferry.scan.Clamd;
import dev.mediaferry.storage.IncomingObjects;
import dev.mediaferry.uploads.Completions;
import dev.mediaferry.uploads.EventMemory;
import dev.mediaferry.uploads.MediaClasses;
import dev.mediaferry.uploads.MediaLedger;
import dev.mediaferry.uploads.MediaSweeps;
import dev.mediaferry.uploads.Promotions;
import dev.mediaferry.uploads.UploadObserver;
import dev.mediaferry.uploads.UploadSettings;
import dev.mediaferry.uploads.UploadTypes;

/** What capabilities about uploads and media are made of, each part once. */
final class UploadParts {

    private final Parts parts;
    private UploadMetrics uploadMetrics;
    private IncomingObjects incomingObjects;
    private MediaLedger media;
    private Completions completions;
    private MediaSweeps mediaSweeps;
    private MediaClasses mediaClasses;

    UploadParts(Parts parts) {
        this.parts = parts;
    }

    IncomingObjects incomingObjects() {
        if (incomingObjects == null) {
            incomingObjects = new IncomingObjects(
                    parts.store()::join,
                    parts.buckets(),
                    parts.services().database().ledgerId());
        }
        return incomingObjects;
    }

    MediaLedger media() {
        if (media == null) {
            media = new MediaLedger(parts.services().database(), uploadObserver());
        }
        return media;
    }

    private UploadObserver uploadObserver() {
        return parts.isService() ? uploadMetrics() : UploadObserver.NONE;
    }

    UploadMetrics uploadMetrics() {
        if (uploadMetrics == null) {
            uploadMetrics = new UploadMetrics(parts.meters());
        }
        return uploadMetrics;
    }

    Completions completions() {
        if (completions == null) {
            completions = new Completions(
                    new UploadTypes(parts.registry().uploads()),
                    media(),
                    parts.buckets(),
                    incomingObjects(),
                    parts.resources().keep(new Promotions(media())),
                    UploadSettings.of(parts.settings()).copyAtOnce(),
                    ContentSettings.of(parts.settings()).maxPixels(),
                    Clamd.of(parts.settings()),
                    uploadObserver());
        }
        return completions;
    }

    MediaSweeps mediaSweeps() {
        if (mediaSweeps == null) {
            mediaSweeps = new MediaSweeps(
                    parts.registry().uploads(),
                    parts.cases().ownerTables(),
                    parts.removals(),
                    incomingObjects(),
                    UploadSettings.of(parts.settings()).expiry(),
                    EventMemory.of(parts.settings()),
                    uploadObserver());
        }
        return mediaSweeps;
    }

    MediaClasses mediaClasses() {
        if (mediaClasses == null) {
            mediaClasses = parts.cases().mediaClasses(parts.store()::join);
        }
        return mediaClasses;
    }
}
