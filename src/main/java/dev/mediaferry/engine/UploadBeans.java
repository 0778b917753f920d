package dev.mediaferry.engine;

import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.FormSupport;
import dev.mediaferry.storage.IncomingObjects;
import dev.mediaferry.storage.SignedRequests;
import dev.mediaferry.uploads.AttachRequests;
import dev.mediaferry.uploads.CompanionRequests;
import dev.mediaferry.uploads.Completions;
import dev.mediaferry.uploads.MediaLedger;
import dev.mediaferry.uploads.MediaRequests;
import dev.mediaferry.uploads.OpenUploads;
import dev.mediaferry.uploads.Owners;
import dev.mediaferry.uploads.PartRequests;
import dev.mediaferry.uploads.SignRequests;
import dev.mediaferry.uploads.UploadSessions;
import dev.mediaferry.uploads.UploadSettings;
import dev.mediaferry.uploads.UploadTokens;
import dev.mediaferry.uploads.UploadTypes;
import org.apache.camel.main.Main;

/** What the routes of the upload service refer to by name. */
final class UploadBeans {

    private final Parts parts;

    UploadBeans(Parts parts) {
        this.parts = parts;
    }

    void bind() {
        parts.openApi();
        Main main = parts.main();
        new ApiSteps().bind(main);
        Services services = parts.services();
        Buckets buckets = parts.buckets();
        UploadSettings settings = UploadSettings.of(parts.settings());
        UploadTypes types = new UploadTypes(parts.registry().uploads());
        MediaLedger ledger = parts.media();
        IncomingObjects objects = parts.incomingObjects();
        SignedRequests signed = new SignedRequests(services.storage(), settings.endpoint(), settings.expiry());
        Completions completions = parts.completions();
        UploadSessions sessions =
                new UploadSessions(types, ledger, services.database().ledgerId(), buckets, objects, signed, settings);
        MediaRequests media = new MediaRequests(types, ledger, completions, buckets, objects);
        main.bind("uploadSessions", sessions);
        main.bind("media", media);
        main.bind(
                "attachments",
                new AttachRequests(
                        types, ledger, media, new Owners(parts.cases().ownerTables(), services.database())));
        OpenUploads uploads = new OpenUploads(ledger, services.database().ledgerId(), buckets, objects, settings);
        main.bind("uploadParts", new PartRequests(media, ledger, sessions, uploads));
        FormSupport forms = new FormSupport(services.storage());
        main.bind(
                "companion",
                new CompanionRequests(
                        new UploadTokens(services.database()), sessions, uploads, media, signed, forms, settings));
        main.bind("uppySigner", new SignRequests(sessions, uploads, ledger, signed, forms));
    }
}
