package dev.mediaferry.compress;

import dev.mediaferry.content.Content;
import dev.mediaferry.content.MediaKind;
import dev.mediaferry.content.Reception;
import dev.mediaferry.failure.MediaferryException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.Semaphore;

/**
 * Makes pictures smaller that look the same: upright, without metadata but the colour profile, in the same format. Whatever
 * stands against it, the original remains. For any number of threads; so many pixels are in memory at once.
 */
public final class Compressor {

    /** Up to here the colours of a JPEG are stored in half the resolution, as sharp, libvips and cameras do it. */
    private static final int HALF_COLOURS_BELOW = 90;

    /** Of files that are worked on, in bytes: they lie in the heap. A larger one is worked on alone. */
    private static final int BYTES_AT_ONCE = 32_000_000;

    private final Reception reception;
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
        this.reception = new Reception(spool, Long.MAX_VALUE, Integer.MAX_VALUE);
        this.pixelsAtOnce = pixelsAtOnce;
        this.pixels = new Semaphore(pixelsAtOnce, true);
        prepareCodecs(home.resolve("codecs"));
    }

    /**
     * Settings of the library that unpacks and binds the codecs, which it reads when they are first needed. Memory is freed
     * where it was taken here, so it needs neither a thread for that, nor limits derived from the size of the heap.
     */
    private static void prepareCodecs(Path directory) {
        System.setProperty("org.bytedeco.javacpp.cachedir", directory.toString());
        System.setProperty("org.bytedeco.javacpp.nopointergc", "true");
        System.setProperty("org.bytedeco.javacpp.maxbytes", "0");
        System.setProperty("org.bytedeco.javacpp.maxphysicalbytes", "0");
    }

    /** @param original stays open, and is the caller's to close or to let {@link Compressed#close} close */
    public Compressed compress(Content original, Compression settings) {
        try {
            return compressed(original, settings);
        } catch (Unfit e) {
            return Compressed.kept(original, e.kept(), e.getMessage());
        } catch (MediaferryException e) {
            return Compressed.kept(original, Kept.FAILED, e.getMessage());
        } catch (IOException | RuntimeException e) {
            // Whatever it is, the original is at hand: that compressing failed is told, and no more than that.
            return Compressed.kept(original, Kept.FAILED, e.toString());
        } catch (LinkageError e) {
            return Compressed.kept(original, Kept.UNAVAILABLE, "no codecs for this platform: " + e.getMessage());
        } catch (OutOfMemoryError e) {
            // Of one large array, which is given up here.
            return Compressed.kept(original, Kept.FAILED, "not enough memory: " + e.getMessage());
        }
    }

    private Compressed compressed(Content original, Compression settings) throws Unfit, IOException {
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
            throw new Unfit(Kept.TYPE, original.type().name() + " is not compressed");
        }
        int bytes = (int) Math.min(BYTES_AT_ONCE, original.length());
        files.acquireUninterruptibly(bytes);
        try {
            byte[] file = original.bytes() != null ? original.bytes() : Files.readAllBytes(original.file());
            byte[] smaller = encoded(extension, file, settings);
            if (smaller.length > settings.most(file.length)) {
                throw new Unfit(Kept.SAVING, percentSaved(file, smaller) + " % would be saved");
            }
            Content content = reception.receive(
                    new ByteArrayInputStream(smaller), (long) smaller.length, EnumSet.of(MediaKind.IMAGE));
            return Compressed.to(original, content, percentSaved(file, smaller) + " % saved");
        } finally {
            files.release(bytes);
        }
    }

    private byte[] encoded(String extension, byte[] file, Compression settings) throws Unfit {
        return switch (extension) {
            case "jpg" -> {
                Picture picture = JpegFile.read(file).within(settings.maxPixels());
                yield lossy(extension, file, picture, pixels -> jpeg(pixels, settings.jpeg(), picture.profile()));
            }
            case "webp" -> {
                Picture picture = WebpFile.read(file).within(settings.maxPixels());
                yield lossy(extension, file, picture, pixels -> webp(pixels, settings.webp(), picture.profile()));
            }
            case "tiff" -> {
                Picture picture = TiffFile.read(file, settings.maxPixels());
                yield lossy(
                        extension,
                        TiffFile.unturned(file),
                        picture,
                        pixels -> TiffFile.holding(jpeg(pixels, settings.tiff(), Picture.NO_PROFILE), file));
            }
            default -> PngFile.smaller(file, settings.maxPixels(), settings.most(file.length));
        };
    }

    private interface Encoder {
        byte[] encode(Pixels pixels) throws Unfit;
    }

    private byte[] lossy(String extension, byte[] file, Picture picture, Encoder encoder) throws Unfit {
        int weight = Math.min(pixelsAtOnce, picture.pixels());
        pixels.acquireUninterruptibly(weight);
        try (Pixels decoded = Pixels.decode(extension, file, picture)) {
            decoded.turnUpright(picture.orientation());
            return encoder.encode(decoded);
        } finally {
            pixels.release(weight);
        }
    }

    private static byte[] jpeg(Pixels pixels, int quality, byte[] profile) throws Unfit {
        return JpegFile.with(pixels.toJpeg(quality, quality < HALF_COLOURS_BELOW), profile);
    }

    private static byte[] webp(Pixels pixels, int quality, byte[] profile) throws Unfit {
        byte[] file = pixels.toWebp(quality);
        return profile.length == 0 ? file : WebpFile.with(file, profile);
    }

    private static long percentSaved(byte[] before, byte[] after) {
        return Math.round(100 - 100.0 * after.length / before.length);
    }
}
