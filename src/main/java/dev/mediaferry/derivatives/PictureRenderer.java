package dev.mediaferry.derivatives;

import dev.mediaferry.format.ColourProfile;
import dev.mediaferry.format.NotCompressible;
import dev.mediaferry.raster.Colours;
import dev.mediaferry.raster.Pixels;
import dev.mediaferry.registry.Derivation;
import dev.mediaferry.registry.PictureFormat;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Renders a picture in several sizes: decoded once, as small as it may be, upright, each size from the next larger. For any number of
 * threads; the pixels in memory at once are limited.
 */
public final class PictureRenderer {

    /** Bytes of a pixel while it is scaled and turned, with what is encoded. */
    private static final int BYTES_PER_PIXEL = 10;

    private static final int KILO = 1000;

    /** What is left of a picture that is decoded smaller has to be so much larger than what is made of it. */
    private static final double MARGIN = 1.2;

    private static final int LEAST_REDUCTION = 8;

    /** The least orientation of those that make width of height. */
    private static final int TURNED = 5;

    private final DerivativeSettings settings;
    private final int kilobytes;
    private final Semaphore memory;

    public PictureRenderer(DerivativeSettings settings) {
        this.settings = settings;
        this.kilobytes = (int) Math.min(Integer.MAX_VALUE, settings.memory() / KILO);
        this.memory = new Semaphore(kilobytes, true);
    }

    /** Of a picture, upright. */
    public record Size(int width, int height) {

        int longest() {
            return Math.max(width, height);
        }

        /** @return what fits into a square, in the same proportions; never larger */
        Size within(int side) {
            if (longest() <= side) {
                return this;
            }
            double scale = (double) side / longest();
            return new Size(
                    (int) Math.max(1, Math.round(width * scale)), (int) Math.max(1, Math.round(height * scale)));
        }
    }

    /** A picture that was made. */
    public record Rendered(Slot slot, Size size, byte[] bytes) {}

    /**
     * @param extension of the type of the bytes
     * @param orientation 1 to 8 as in EXIF
     * @param slots what is made
     * @param done takes one after the other
     * @return the size of the original, upright
     * @throws NotCompressible when the picture is damaged, too large, or of no form that is decoded here
     */
    public Size render(
            String extension, byte[] file, int orientation, Derivation says, List<Slot> slots, Consumer<Rendered> done)
            throws NotCompressible {
        PictureDecoder picture = PictureDecoder.of(extension, file, settings.maxPixels());
        int reduction = picture.isReducible() ? reduction(picture, says, slots) : 1;
        int weight = weight(picture, reduction);
        memory.acquireUninterruptibly(weight);
        try (Pixels decoded = picture.decode(reduction)) {
            decoded.turnUpright(orientation);
            Optional<Colours> colours = ColourProfile.of(extension, file).flatMap(Colours::of);
            make(decoded, colours, says, slots, done);
            if (reduction == 1) {
                return new Size(decoded.width(), decoded.height());
            }
            return orientation >= TURNED
                    ? new Size(picture.height(), picture.width())
                    : new Size(picture.width(), picture.height());
        } finally {
            memory.release(weight);
        }
    }

    private int weight(PictureDecoder header, int reduction) {
        long pixels = (long) header.width() * header.height() / ((long) reduction * reduction);
        return (int) Math.min(kilobytes, Math.max(1, pixels * BYTES_PER_PIXEL / KILO));
    }

    private static int reduction(PictureDecoder header, Derivation says, List<Slot> slots) {
        int largest = slots.stream()
                .mapToInt(slot -> slot.size() == 0 ? Integer.MAX_VALUE : slot.size())
                .max()
                .orElseThrow();
        int side =
                says.square() ? Math.min(header.width(), header.height()) : Math.max(header.width(), header.height());
        int reduction = LEAST_REDUCTION;
        while (reduction > 1 && side < largest * MARGIN * reduction) {
            reduction /= 2;
        }
        return reduction;
    }

    private void make(
            Pixels decoded, Optional<Colours> colours, Derivation says, List<Slot> slots, Consumer<Rendered> done)
            throws NotCompressible {
        Optional<Colours> toConvert = colours;
        for (Slot slot : slots.stream().filter(one -> one.size() == 0).toList()) {
            if (toConvert.isPresent()) {
                toConvert.get().convert(decoded);
            }
            toConvert = Optional.empty();
            done.accept(rendered(slot, decoded, says));
        }
        List<Integer> sizes = slots.stream()
                .map(Slot::size)
                .filter(size -> size > 0)
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
        Pixels current = says.square() && !sizes.isEmpty() ? decoded.square() : decoded;
        try {
            for (int size : sizes) {
                Size fits = new Size(current.width(), current.height()).within(size);
                if (fits.width() != current.width() || fits.height() != current.height()) {
                    Pixels smaller = current.scaled(fits.width(), fits.height());
                    if (current != decoded) {
                        current.close();
                    }
                    current = smaller;
                }
                // Each size is made of the next larger, so the largest is converted.
                if (toConvert.isPresent()) {
                    toConvert.get().convert(current);
                    toConvert = Optional.empty();
                }
                for (Slot slot :
                        slots.stream().filter(one -> one.size() == size).toList()) {
                    done.accept(rendered(slot, current, says));
                }
            }
        } finally {
            if (current != decoded) {
                current.close();
            }
        }
    }

    private Rendered rendered(Slot slot, Pixels pixels, Derivation says) throws NotCompressible {
        PictureFormat format = PictureFormat.valueOf(slot.format().toUpperCase(java.util.Locale.ROOT));
        Size size = new Size(pixels.width(), pixels.height());
        Size fits = size.within(format.longestSide());
        if (!fits.equals(size)) {
            try (Pixels smaller = pixels.scaled(fits.width(), fits.height())) {
                return rendered(slot, smaller, says);
            }
        }
        if (format.transparent() || !pixels.hasAlpha()) {
            return new Rendered(slot, size, encoded(format, pixels));
        }
        try (Pixels opaque = pixels.copy()) {
            opaque.layOn(says.background());
            return new Rendered(slot, size, encoded(format, opaque));
        }
    }

    private byte[] encoded(PictureFormat format, Pixels pixels) throws NotCompressible {
        return switch (format) {
            case JPG -> pixels.toJpeg(settings.jpegQuality(), true);
            case WEBP -> pixels.toWebp(settings.webpQuality());
            case PNG -> pixels.toPng();
        };
    }
}
