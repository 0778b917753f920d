package dev.mediaferry.derivatives;

import dev.mediaferry.content.MediaHead;
import dev.mediaferry.format.FirstFrame;
import dev.mediaferry.format.NotCompressible;
import dev.mediaferry.format.SkipReason;
import dev.mediaferry.raster.Pixels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * A picture about to be decoded: its form and its size are known, and not a pixel is decoded yet.
 *
 * @param extension of its type
 * @param width with height, as it lies in the file
 */
record PictureDecoder(String extension, byte[] file, int width, int height) {

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
        if (NATIVE.contains(extension)) {
            Pixels.Header header = Pixels.header(still)
                    .orElseThrow(() -> new NotCompressible(SkipReason.DAMAGED, "its header is none"));
            picture = new PictureDecoder(extension, still, header.width(), header.height());
        } else if (extension.equals("gif")) {
            MediaHead head = MediaHead.of(Arrays.copyOf(file, Math.min(file.length, MediaHead.LENGTH)));
            if (head.width() == null) {
                throw new NotCompressible(SkipReason.DAMAGED, "its header is none");
            }
            picture = new PictureDecoder(extension, file, head.width(), head.height());
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

    /** True when its decoder turns it upright by itself. */
    boolean comesUpright() {
        return extension.equals("tiff");
    }

    Pixels decode(int reduction) throws NotCompressible {
        if (extension.equals("gif")) {
            return firstFrame();
        }
        try {
            return Pixels.read(extension, file, reduction, false);
        } catch (NotCompressible e) {
            // What viewers show although something in it is not as it ought to be; one that is cut off shows itself so.
            if (isReducible() && MediaHead.isComplete(file)) {
                return Pixels.read(extension, file, reduction, true);
            }
            throw e;
        }
    }

    private Pixels firstFrame() throws NotCompressible {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
            Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("gif");
            ImageReader reader = readers.next();
            try {
                reader.setInput(in);
                BufferedImage image = reader.read(0);
                return Pixels.of(
                        image.getWidth(),
                        image.getHeight(),
                        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()));
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            throw new NotCompressible(SkipReason.DAMAGED, "the decoder refuses it: " + e.getMessage());
        }
    }
}
