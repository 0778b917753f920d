package dev.mediaferry.engine;

import dev.mediaferry.api.IdempotencyKeys;
import dev.mediaferry.api.StatusStreams;
import dev.mediaferry.derivatives.DerivativeLedger;
import dev.mediaferry.derivatives.FilmLedger;
import dev.mediaferry.entry.UserTable;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.DerivedObjects;
import dev.mediaferry.storage.Exposure;
import dev.mediaferry.storage.FormSupport;
import dev.mediaferry.storage.IncomingObjects;
import dev.mediaferry.storage.SignedRequests;
import dev.mediaferry.uploads.AttachRequests;
import dev.mediaferry.uploads.ClosedPlaces;
import dev.mediaferry.uploads.CompanionRequests;
import dev.mediaferry.uploads.Completions;
import dev.mediaferry.uploads.MediaDocuments;
import dev.mediaferry.uploads.MediaFiles;
import dev.mediaferry.uploads.MediaLedger;
import dev.mediaferry.uploads.MediaPlaylists;
import dev.mediaferry.uploads.MediaRequests;
import dev.mediaferry.uploads.MediaStatuses;
import dev.mediaferry.uploads.OpenUploads;
import dev.mediaferry.uploads.Owners;
import dev.mediaferry.uploads.PartRequests;
import dev.mediaferry.uploads.SignRequests;
import dev.mediaferry.uploads.Tickets;
import dev.mediaferry.uploads.UploadLimits;
import dev.mediaferry.uploads.UploadSessions;
import dev.mediaferry.uploads.UploadSettings;
import dev.mediaferry.uploads.UploadTokens;
import dev.mediaferry.uploads.UploadTypes;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.camel.main.Main;

/** What the routes of the upload service refer to by name. */
final class UploadBeans {

    private final Parts parts;

    UploadBeans(Parts parts) {
        this.parts = parts;
    }

    void bind() {
        Main main = parts.main();
        Services services = parts.services();
        UploadLimits limits = new UploadLimits(UploadLimits.Limits.of(parts.settings()), services.database());
        Predicate<String> users = users();
        new ApiSteps(new IdempotencyKeys(services.database()), limits, users).bind(main);
        main.bind("uploadLimits", limits);
        Buckets buckets = parts.buckets();
        UploadSettings settings = UploadSettings.of(parts.settings());
        UploadTypes types = new UploadTypes(parts.registry().uploads());
        MediaLedger ledger = parts.uploads().media();
        IncomingObjects objects = parts.uploads().incomingObjects();
        SignedRequests signed = new SignedRequests(services.storage(), settings.endpoint(), settings.expiry());
        Completions completions = parts.uploads().completions();
        UploadSessions sessions = new UploadSessions(
                types, ledger, services.database().ledgerId(), buckets, objects, signed, settings, limits);
        MediaDocuments documents =
                new MediaDocuments(types, ledger, buckets, signed, new DerivativeLedger(services.database()));
        MediaRequests media = new MediaRequests(types, ledger, documents, completions, buckets, objects);
        MediaStatuses statuses = new MediaStatuses(ledger, documents);
        Tickets tickets = new Tickets(services.database());
        parts.openApi(new StatusStreams(
                (caller, id) -> Optional.of(caller)
                        .filter(one -> users.test(one.user()))
                        .flatMap(one -> statuses.of(one, id)),
                statuses::of,
                tickets::find));
        new ClosedPlaces(
                        parts.registry().uploads(),
                        buckets,
                        services.database().ledgerId(),
                        settings.incoming(),
                        new Exposure(parts.store()::join, services.database().ledgerId(), settings.endpoint()))
                .check();
        main.bind("tickets", tickets);
        main.bind("mediaFiles", new MediaFiles(ledger, documents));
        main.bind(
                "playlists",
                new MediaPlaylists(
                        ledger,
                        new FilmLedger(services.database()),
                        new DerivedObjects(
                                parts.store()::join, services.database().ledgerId()),
                        buckets,
                        signed));
        main.bind("uploadSessions", sessions);
        main.bind("media", media);
        main.bind(
                "attachments",
                new AttachRequests(
                        types, ledger, documents, new Owners(parts.cases().ownerTables(), services.database())));
        OpenUploads uploads = new OpenUploads(ledger, services.database().ledgerId(), buckets, objects, settings);
        main.bind("uploadParts", new PartRequests(media, ledger, sessions, uploads));
        FormSupport forms = new FormSupport(services.storage());
        main.bind(
                "companion",
                new CompanionRequests(
                        new UploadTokens(services.database()), sessions, uploads, media, signed, forms, settings));
        main.bind("uppySigner", new SignRequests(sessions, uploads, ledger, signed, forms));
    }

    private Predicate<String> users() {
        return parts.settings()
                .optional("auth.users-table")
                .map(table -> UserTable.of(table, parts.services().database().client()))
                .<Predicate<String>>map(table -> table::has)
                .orElse(user -> true);
    }
}
