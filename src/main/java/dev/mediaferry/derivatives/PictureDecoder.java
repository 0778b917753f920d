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
 * @param width with height, as it lies in the file
 * @param isReducible true when it can be decoded to a half, a quarter or an eighth
 */
record PictureDecoder(int width, int height, boolean isReducible, Decoding pixels) {

    @FunctionalInterface
    interface Decoding {

        Pixels of(int reduction) throws NotCompressible;
    }

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
        PictureDecoder picture;
        if (extension.equals("gif") || (extension.equals("png") && JavaDecoder.isNeededFor(file))) {
            picture = byJava(extension, file);
        } else if (NATIVE.contains(extension)) {
            picture = byHeader(extension, file);
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

    private static PictureDecoder byHeader(String extension, byte[] file) throws NotCompressible {
        FirstFrame frame = extension.equals("webp") ? FirstFrame.of(file) : new FirstFrame(file, 0, 0, 0, 0);
        Optional<Pixels.Header> header = Pixels.header(frame.file());
        if (header.isEmpty() || (extension.equals("tiff") && isNegative(header.get(), file))) {
            return byJava(extension, file);
        }
        int width = header.get().width();
        int height = header.get().height();
        if (frame.width() > 0) {
            if (width > frame.width() || height > frame.height()) {
                throw new NotCompressible(
                        SkipReason.DAMAGED, "its first frame is larger than the picture: " + width + " x " + height);
            }
            return new PictureDecoder(frame.width(), frame.height(), false, reduction -> {
                try (Pixels part = byNative(extension, frame.file(), reduction)) {
                    return part.laidInto(frame.width(), frame.height(), frame.left(), frame.top());
                }
            });
        }
        Optional<Inks> inks = extension.equals("jpg") ? Inks.of(file, (long) width * height) : Optional.empty();
        return inks.isPresent()
                ? new PictureDecoder(
                        width, height, false, reduction -> inks.get().decode(file))
                : new PictureDecoder(
                        width,
                        height,
                        extension.equals("jpg"),
                        reduction -> byNative(extension, frame.file(), reduction));
    }

    /** The native decoder takes 0 for black where a TIFF of two or four bits says that it is white. */
    private static boolean isNegative(Pixels.Header header, byte[] file) {
        return (header.bits() == 2 || header.bits() == 4)
                && PictureFacts.of(file).isZeroWhite();
    }

    private static PictureDecoder byJava(String extension, byte[] file) throws NotCompressible {
        JavaDecoder.Size size = JavaDecoder.size(extension, file);
        return new PictureDecoder(size.width(), size.height(), false, reduction -> JavaDecoder.decode(extension, file));
    }

    Pixels decode(int reduction) throws NotCompressible {
        return pixels.of(reduction);
    }

    private static Pixels byNative(String extension, byte[] file, int reduction) throws NotCompressible {
        // Its decoder turns some of them wrongly: it is turned like all others.
        byte[] upright = extension.equals("tiff") ? Exif.upright(file) : file;
        try {
            return Pixels.read(extension, upright, reduction, false);
        } catch (NotCompressible e) {
            // What viewers show although something in it is not as it ought to be; one that is cut off shows itself so.
            if (extension.equals("jpg") && MediaHead.isComplete(file)) {
                return Pixels.read(extension, file, reduction, true);
            }
            if (JavaDecoder.knowsMoreOf(extension)) {
                return JavaDecoder.decode(extension, file);
            }
            throw e;
        }
    }
}
