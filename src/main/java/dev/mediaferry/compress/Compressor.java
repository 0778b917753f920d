package dev.mediaferry.compress;

import dev.mediaferry.content.BodyReader;
import dev.mediaferry.content.Content;
import dev.mediaferry.content.MediaKind;
import dev.mediaferry.failure.MediaferryException;
import dev.mediaferry.format.Compression;
import dev.mediaferry.format.Density;
import dev.mediaferry.format.JpegFile;
import dev.mediaferry.format.NotCompressible;
import dev.mediaferry.format.Picture;
import dev.mediaferry.format.PngFile;
import dev.mediaferry.format.SkipReason;
import dev.mediaferry.format.TiffFile;
import dev.mediaferry.format.WebpFile;
import dev.mediaferry.raster.Codecs;
import dev.mediaferry.raster.Pixels;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.concurrent.Semaphore;

/**
 * Makes pictures smaller that look the same: upright, without metadata but the colour profile, in the same format. Where
 * anything speaks against it, the original remains. For any number of threads; the pixels in memory at once are limited.
 */
public final class Compressor {

    /** Pixels beyond which a sample of a picture is looked at first. */
    private static final int LARGE = 2_000_000;

    /** A side of the sample, which has a megapixel. */
    private static final int SAMPLE_BLOCKS = 16;

    private static final int SAMPLE_PIXELS = SAMPLE_BLOCKS * Pixels.BLOCK;

    /** Of files that are worked on, in bytes: they lie in the heap. A larger one is worked on alone. */
    private static final int BYTES_AT_ONCE = 32_000_000;

    private final BodyReader reception;
    private final int pixelsAtOnce;
    private final Semaphore pixels;
    private final Semaphore files = new Semaphore(BYTES_AT_ONCE, true);

    /**
     * @param home where the codecs are unpacked, once
     * @param spool existing directory for large results
     * @param pixelsAtOnce of all pictures in work together; a pixel takes up to 16 bytes. A larger picture is worked on
     *     alone
     */
    public Compressor(Path home, Path spool, int pixelsAtOnce) {
        if (pixelsAtOnce < 1) {
            throw new IllegalArgumentException("pixelsAtOnce is " + pixelsAtOnce + ", but must be at least 1");
        }
        this.reception = new BodyReader(spool, Long.MAX_VALUE, Integer.MAX_VALUE);
        this.pixelsAtOnce = pixelsAtOnce;
        this.pixels = new Semaphore(pixelsAtOnce, true);
        Codecs.prepare(home);
    }

    /** @param original stays open, and is the caller's to close or to let {@link Compressed#close} close */
    public Compressed compress(Content original, Compression settings) {
        try {
            return compressed(original, settings);
        } catch (NotCompressible e) {
            return Compressed.kept(original, e.kept(), e.getMessage());
        } catch (MediaferryException e) {
            return Compressed.kept(original, SkipReason.FAILED, e.getMessage());
        } catch (IOException | RuntimeException e) {
            // Whatever the cause, the original is still there: the report says that compressing failed, and no more.
            return Compressed.kept(original, SkipReason.FAILED, e.toString());
        } catch (LinkageError e) {
            return Compressed.kept(original, SkipReason.UNAVAILABLE, "no codecs for this platform: " + e.getMessage());
        } catch (OutOfMemoryError e) {
            // Of one large array, which is given up here.
            return Compressed.kept(original, SkipReason.FAILED, "not enough memory: " + e.getMessage());
        }
    }

    private Compressed compressed(Content original, Compression settings) throws NotCompressible, IOException {
        String extension = original.type().extension();
        boolean wanted =
                switch (extension) {
                    case "jpg" -> settings.jpeg() > 0;
                    case "png" -> settings.png();
                    case "webp" -> settings.webp() > 0;
                    case "tiff" -> settings.tiff() > 0;
                    default -> false;
                };
        if (!wanted) {
            throw new NotCompressible(SkipReason.TYPE, original.type().name() + " is not compressed");
        }
        int bytes = (int) Math.min(BYTES_AT_ONCE, original.length());
        files.acquireUninterruptibly(bytes);
        try {
            byte[] file = original.bytes() != null ? original.bytes() : Files.readAllBytes(original.file());
            byte[] smaller = encoded(extension, file, settings);
            if (smaller.length > settings.most(file.length)) {
                throw new NotCompressible(SkipReason.SAVING, percentSaved(file, smaller) + " % would be saved");
            }
            Content content = reception.receive(
                    new ByteArrayInputStream(smaller), (long) smaller.length, EnumSet.of(MediaKind.IMAGE));
            return Compressed.to(original, content, percentSaved(file, smaller) + " % saved");
        } finally {
            files.release(bytes);
        }
    }

    private byte[] encoded(String extension, byte[] file, Compression settings) throws NotCompressible {
        return switch (extension) {
            case "jpg" -> {
                Picture picture = JpegFile.read(file).within(settings.maxPixels());
                byte[] smaller =
                        lossy("jpg", file, picture, pixels -> pixels.toJpeg(settings.jpeg(), picture.halfColours()));
                yield JpegFile.with(smaller, picture.profile(), density(picture));
            }
            case "webp" -> {
                Picture picture = WebpFile.read(file).within(settings.maxPixels());
                byte[] smaller = lossy("webp", file, picture, pixels -> pixels.toWebp(settings.webp()));
                byte[] exif = density(picture).exifData();
                yield picture.profile().length + exif.length == 0
                        ? smaller
                        : WebpFile.with(smaller, picture.profile(), exif);
            }
            case "tiff" -> {
                Picture picture = TiffFile.read(file, settings.maxPixels());
                // Colours of a TIFF have full resolution.
                byte[] jpeg = lossy(
                        "jpg",
                        "tiff",
                        TiffFile.unturned(file),
                        picture,
                        pixels -> pixels.toJpeg(settings.tiff(), false));
                yield TiffFile.holding(jpeg, file);
            }
            default -> PngFile.smaller(file, settings.maxPixels(), settings.most(file.length));
        };
    }

    /** Turned with the picture. */
    private static Density density(Picture picture) {
        return picture.isTurned() ? picture.density().turned() : picture.density();
    }

    private interface Encoder {
        byte[] encode(Pixels pixels) throws NotCompressible;
    }

    private byte[] lossy(String extension, byte[] file, Picture picture, Encoder encoder) throws NotCompressible {
        return lossy(extension, extension, file, picture, encoder);
    }

    /** @param to what the encoder makes of a file of the other extension */
    private byte[] lossy(String to, String from, byte[] file, Picture picture, Encoder encoder) throws NotCompressible {
        int weight = Math.min(pixelsAtOnce, picture.pixels());
        pixels.acquireUninterruptibly(weight);
        try (Pixels decoded = Pixels.decode(from, file, picture)) {
            decoded.turnUpright(picture.orientation());
            byte[] smaller = encoder.encode(decoded);
            // A saving that does not suffice needs no look.
            if (smaller.length < file.length) {
                checkLikeness(to, decoded, smaller, encoder);
            }
            return smaller;
        } finally {
            pixels.release(weight);
        }
    }

    /** JPEG's codec works block by block, so that of a large picture a sample tells, unless it is close. */
    private static void checkLikeness(String extension, Pixels original, byte[] smaller, Encoder encoder)
            throws NotCompressible {
        boolean large = original.width() > SAMPLE_PIXELS
                && original.height() > SAMPLE_PIXELS
                && (long) original.width() * original.height() > LARGE
                && extension.equals("jpg");
        if (large) {
            try (Pixels sample = original.sample(SAMPLE_BLOCKS)) {
                if (likeness(extension, sample, encoder.encode(sample)).sufficesFor(true)) {
                    return;
                }
            }
        }
        Likeness likeness = likeness(extension, original, smaller);
        if (!likeness.suffices()) {
            throw new NotCompressible(
                    SkipReason.LIKENESS,
                    String.format(
                            Locale.ROOT,
                            "it would look different: similarity %.3f, %.1f dB",
                            likeness.similarity(),
                            likeness.decibels()));
        }
    }

    private static Likeness likeness(String extension, Pixels original, byte[] smaller) throws NotCompressible {
        Picture expected = new Picture(original.width(), original.height(), 1, Picture.NO_PROFILE);
        try (Pixels decoded = Pixels.decode(extension, smaller, expected)) {
            if (decoded.isGrey() != original.isGrey()) {
                throw new NotCompressible(SkipReason.LIKENESS, "it would have other channels");
            }
            return Likeness.of(original, decoded);
        }
    }

    private static long percentSaved(byte[] before, byte[] after) {
        return Math.round(100 - 100.0 * after.length / before.length);
    }
}
