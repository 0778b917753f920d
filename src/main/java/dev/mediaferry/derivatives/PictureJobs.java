package dev.mediaferry.derivatives;

import dev.mediaferry.content.MediaHead;
import dev.mediaferry.content.MediaType;
import dev.mediaferry.derivatives.JobResult.Facts;
import dev.mediaferry.derivatives.Output.StoredObject;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.format.NotCompressible;
import dev.mediaferry.registry.Derivation;
import dev.mediaferry.registry.PictureFormat;
import dev.mediaferry.storage.DerivedObjects;
import dev.mediaferry.video.FilmException;
import dev.mediaferry.video.FilmFault;
import dev.mediaferry.video.HeifTools;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Makes all derivatives of a picture from one decoding. */
public final class PictureJobs {

    private final DerivativeStore store;
    private final PictureRenderer renderer;
    private final HeifTools heif;
    private final DerivativeSettings settings;

    public PictureJobs(DerivativeStore store, PictureRenderer renderer, HeifTools heif, DerivativeSettings settings) {
        this.store = store;
        this.renderer = renderer;
        this.heif = heif;
        this.settings = settings;
    }

    /** @throws TransferException when nothing can be made of it, now or at all */
    public JobResult make(Assignment work) {
        List<Slot> wanted =
                slots(work.derivation()).stream().filter(work::wants).toList();
        if (wanted.isEmpty()) {
            return JobResult.done(work.job(), Facts.NONE, List.of());
        }
        byte[] file = store.read(work, settings.maxBytes(), PictureJobs::all);
        MediaType type = MediaType.of(Arrays.copyOf(file, Math.min(file.length, MediaType.HEAD_LENGTH)))
                .orElse(MediaType.UNKNOWN);
        Optional<String> missing = PictureDecoder.missing(type.extension());
        if (missing.isPresent()) {
            return unavailable(work, wanted, missing.get());
        }
        PictureFacts facts = PictureFacts.of(file);
        try {
            List<Output> outputs = new ArrayList<>();
            PictureRenderer.Size size = HeifTools.TYPES.contains(type.extension())
                    ? renderDecoded(work, file, wanted, outputs)
                    : render(work, type.extension(), file, facts.orientation(), wanted, outputs);
            return JobResult.done(
                    work.job(),
                    new Facts(facts.metadata(work.derivation().location()), size.width(), size.height(), null),
                    outputs);
        } catch (NotCompressible e) {
            throw failure(e);
        } catch (FilmException e) {
            if (e.fault() == FilmFault.UNAVAILABLE) {
                return unavailable(work, wanted, e.getMessage());
            }
            throw FilmFaults.failure(e);
        } catch (LinkageError e) {
            return unavailable(
                    work, wanted, "the codecs for pictures are not there for this platform: " + e.getMessage());
        }
    }

    /** Makes slots of a picture that is here already. */
    List<Output> rendered(Assignment work, String extension, byte[] file, List<Slot> wanted) throws NotCompressible {
        List<Output> outputs = new ArrayList<>();
        // What a film gave is upright.
        render(work, extension, file, PictureFacts.UPRIGHT, wanted, outputs);
        return outputs;
    }

    private PictureRenderer.Size renderDecoded(Assignment work, byte[] file, List<Slot> wanted, List<Output> outputs)
            throws NotCompressible {
        MediaHead head = MediaHead.of(file);
        if (head.hasMorePixelsThan(settings.maxPixels())) {
            throw PictureDecoder.tooLarge(head.width(), head.height(), settings.maxPixels());
        }
        HeifTools.Decoded decoded = heif.decode(file);
        // Its own transformations are done; what EXIF says beside them is not to be heeded (ISO/IEC 23008-12).
        return render(work, decoded.extension(), decoded.file(), PictureFacts.UPRIGHT, wanted, outputs);
    }

    private PictureRenderer.Size render(
            Assignment work, String extension, byte[] file, int orientation, List<Slot> wanted, List<Output> outputs)
            throws NotCompressible {
        return renderer.render(
                extension, file, orientation, work.derivation(), wanted, rendered -> outputs.add(put(work, rendered)));
    }

    /** @return all that is made of a picture */
    public static List<Slot> slots(Derivation derivation) {
        List<Slot> slots = new ArrayList<>();
        for (int size : derivation.thumbnails()) {
            for (PictureFormat format : derivation.formats()) {
                slots.add(new Slot(Slot.Kind.THUMBNAIL, size, format.label()));
            }
        }
        derivation.optimized().ifPresent(format -> slots.add(new Slot(Slot.Kind.OPTIMIZED, 0, format.label())));
        return slots;
    }

    private Output put(Assignment work, PictureRenderer.Rendered rendered) {
        Slot slot = rendered.slot();
        String type = PictureFormat.valueOf(slot.format().toUpperCase(java.util.Locale.ROOT))
                .contentType();
        StoredObject stored = store.put(work, store.key(work, slot), type, DerivativeStore.YEAR, rendered.bytes());
        return Output.picture(
                slot,
                work.nextVersion(slot),
                stored,
                rendered.size().width(),
                rendered.size().height());
    }

    static JobResult unavailable(Assignment work, List<Slot> wanted, String message) {
        return JobResult.done(
                work.job(),
                Facts.NONE,
                wanted.stream()
                        .map(slot -> Output.unavailable(slot, work.nextVersion(slot), message))
                        .toList());
    }

    static TransferException failure(NotCompressible refused) {
        return new TransferException(
                switch (refused.kept()) {
                    case TOO_MANY_PIXELS -> FailureKind.TOO_MANY_PIXELS;
                    case FAILED -> FailureKind.INTERNAL;
                    default -> FailureKind.DAMAGED;
                },
                "nothing can be made of the picture: " + refused.getMessage());
    }

    /** @see DerivedObjects.Reader */
    private static byte[] all(InputStream in, long length) throws IOException {
        byte[] bytes = in.readNBytes((int) length);
        if (bytes.length < length) {
            throw new IOException(bytes.length + " of " + length + " bytes came");
        }
        return bytes;
    }
}
