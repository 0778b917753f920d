package dev.mediaferry.derivatives;

import dev.mediaferry.content.MediaHead;
import dev.mediaferry.format.Exif;
import dev.mediaferry.format.FirstFrame;
import dev.mediaferry.format.NotCompressible;
import dev.mediaferry.format.SkipReason;
import dev.mediaferry.raster.Pixels;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A picture about to be decoded: its form and its size are known, and not a pixel is decoded yet.
 *
 * @param extension of its type
 * @param width with height, as it lies in the file
 * @param java true when the native decoder does not know its form
 */
record PictureDecoder(String extension, byte[] file, int width, int height, boolean java) {

    private static final Set<String> NATIVE = Set.of("jpg", "png", "webp", "tiff", "bmp");

    /** What could decode the others. */
    private static final Map<String, String> MISSING = Map.of(
            "jxl",
            "JPEG XL pictures need a decoder that is not here: have them converted to JPEG before they are uploaded");

    /** @return what is missing for pictures of this type; empty when they are decoded here */
    static Optional<String> missing(String extension) {
        return Optional.ofNullable(MISSING.get(extension));
    }

    /** @throws NotCompressible when it is of no form that is decoded here, or too large */
    static PictureDecoder of(String extension, byte[] file, int maxPixels) throws NotCompressible {
        byte[] still = extension.equals("webp") ? FirstFrame.of(file) : file;
        PictureDecoder picture;
        if (extension.equals("gif") || (extension.equals("png") && JavaDecoder.isNeededFor(file))) {
            picture = byJava(extension, file);
        } else if (NATIVE.contains(extension)) {
            Optional<Pixels.Header> header = Pixels.header(still);
            picture = header.isPresent()
                    ? new PictureDecoder(
                            extension, still, header.get().width(), header.get().height(), false)
                    : byJava(extension, file);
        } else {
            throw new NotCompressible(SkipReason.FORM, "no decoder here knows its form");
        }
        if ((long) picture.width * picture.height > maxPixels) {
            throw tooLarge(picture.width, picture.height, maxPixels);
        }
        return picture;
    }

    static NotCompressible tooLarge(int width, int height, int maxPixels) {
        return new NotCompressible(
                SkipReason.TOO_MANY_PIXELS,
                width + " x " + height + " pixels, at most " + maxPixels
                        + " are decoded (mediaferry.fetch.max-pixels)");
    }

    boolean isReducible() {
        return extension.equals("jpg");
    }

    private static PictureDecoder byJava(String extension, byte[] file) throws NotCompressible {
        JavaDecoder.Size size = JavaDecoder.size(extension, file);
        return new PictureDecoder(extension, file, size.width(), size.height(), true);
    }

    Pixels decode(int reduction) throws NotCompressible {
        if (java) {
            return JavaDecoder.decode(extension, file);
        }
        // Its decoder turns some of them wrongly: it is turned like all others.
        byte[] upright = extension.equals("tiff") ? Exif.upright(file) : file;
        try {
            return Pixels.read(extension, upright, reduction, false);
        } catch (NotCompressible e) {
            // What viewers show although something in it is not as it ought to be; one that is cut off shows itself so.
            if (isReducible() && MediaHead.isComplete(file)) {
                return Pixels.read(extension, file, reduction, true);
            }
            if (JavaDecoder.knowsMoreOf(extension)) {
                return JavaDecoder.decode(extension, file);
            }
            throw e;
        }
    }
}
