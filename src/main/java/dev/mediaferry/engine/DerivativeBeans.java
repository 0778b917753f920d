package dev.mediaferry.engine;

import dev.mediaferry.derivatives.Assignments;
import dev.mediaferry.derivatives.DerivativeLedger;
import dev.mediaferry.derivatives.DerivativeSettings;
import dev.mediaferry.derivatives.DerivativeStore;
import dev.mediaferry.derivatives.FilmJobs;
import dev.mediaferry.derivatives.FilmLedger;
import dev.mediaferry.derivatives.JobFailures;
import dev.mediaferry.derivatives.PictureJobs;
import dev.mediaferry.derivatives.PictureRenderer;
import dev.mediaferry.derivatives.Progress;
import dev.mediaferry.derivatives.RenditionStore;
import dev.mediaferry.derivatives.Seats;
import dev.mediaferry.fetch.SpoolDirectory;
import dev.mediaferry.raster.Codecs;
import dev.mediaferry.registry.UploadType;
import dev.mediaferry.storage.DerivedObjects;
import dev.mediaferry.video.FilmTools;
import dev.mediaferry.video.HeifTools;
import dev.mediaferry.video.VideoSettings;
import java.nio.file.Path;
import org.apache.camel.main.Main;

/** What the routes refer to by name that make derivatives. */
final class DerivativeBeans {

    private final Parts parts;

    DerivativeBeans(Parts parts) {
        this.parts = parts;
    }

    void bind() {
        Main main = parts.main();
        Services services = parts.services();
        DerivativeSettings settings = DerivativeSettings.of(parts.settings());
        Codecs.prepare(parts.cases().home());
        DerivativeStore store = new DerivativeStore(
                new DerivedObjects(parts.store()::join, services.database().ledgerId()));
        Seats seats = parts.seats();
        main.bind("seats", seats);
        main.bind(
                "assignments",
                new Assignments(parts.registry(), parts.buckets(), new DerivativeLedger(services.database())));
        Path spool = SpoolDirectory.create(parts.cases().home());
        PictureJobs pictures =
                new PictureJobs(store, new PictureRenderer(settings), HeifTools.of(parts.settings(), spool), settings);
        main.bind("pictures", pictures);
        FilmLedger films = new FilmLedger(services.database());
        main.bind(
                "films",
                new FilmJobs(
                        store,
                        pictures,
                        parts.resources().keep(new RenditionStore(store, films)),
                        new FilmTools(VideoSettings.of(parts.settings())),
                        new Progress(services.database()),
                        spool,
                        type -> parts.registry().upload(type).flatMap(UploadType::maxDuration)));
        main.bind("jobFailures", new JobFailures(settings.attempts()));
        parts.forgetWorkers();
        parts.statements().derivatives(seats);
    }
}
