package dev.mediaferry.derivatives;

import dev.mediaferry.format.NotCompressible;
import dev.mediaferry.format.SkipReason;
import dev.mediaferry.raster.Pixels;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** The decoders that Java brings: slower than the native ones, and in the heap, but they know more forms of TIFF, BMP and PNG. */
final class JavaDecoder {

    private static final Set<String> TYPES = Set.of("gif", "tiff", "bmp", "png", "jpeg");

    /** Of these it knows more forms than the native one. */
    private static final Set<String> MORE = Set.of("tiff", "bmp");

    /** Sixteen bits of four channels of each take 100 MB. */
    static final int MOST_PIXELS = 12_500_000;

    /** Where the kind of a PNG's pixels stands, and its chunks begin (W3C PNG, 5.2 and 11.2.1). */
    private static final int KIND = 25;

    private static final int CHUNKS = 33;

    private JavaDecoder() {}

    record Size(int width, int height) {

        long pixels() {
            return (long) width * height;
        }
    }

    @FunctionalInterface
    interface Reading<T> {

        T of(ImageReader reader) throws IOException, NotCompressible;
    }

    /** True when what the native decoder refuses may be whole all the same. */
    static boolean knowsMoreOf(String extension) {
        return MORE.contains(extension);
    }

    /** True for a PNG of which one grey or one colour is transparent, which the native decoder shows or hides at will. */
    static boolean isNeededFor(byte[] png) {
        if (png.length < CHUNKS || (png[KIND] != 0 && png[KIND] != 2)) {
            return false;
        }
        ByteBuffer bytes = ByteBuffer.wrap(png);
        long at = CHUNKS;
        while (at + 8 <= png.length) {
            String type = new String(png, (int) at + 4, 4, StandardCharsets.ISO_8859_1);
            if (type.equals("tRNS") || type.equals("IDAT")) {
                return type.equals("tRNS");
            }
            at += 12 + (bytes.getInt((int) at) & 0xffffffffL);
        }
        return false;
    }

    static Size size(String extension, byte[] file) throws NotCompressible {
        return read(extension, file, reader -> canvas(extension, reader));
    }

    /** @return the first of its pictures */
    static Pixels decode(String extension, byte[] file) throws NotCompressible {
        return read(extension, file, reader -> {
            Size canvas = canvas(extension, reader);
            // Of a GIF a pixel is a byte, so what the settings allow fits; a frame that is larger than its picture is
            // none.
            long most = extension.equals("gif") ? Math.max(canvas.pixels(), MOST_PIXELS) : MOST_PIXELS;
            Size frame = new Size(reader.getWidth(0), reader.getHeight(0));
            if (frame.pixels() > most) {
                throw new NotCompressible(
                        SkipReason.FORM,
                        frame.width + " x " + frame.height + " pixels, at most " + most + " are decoded of its form");
            }
            BufferedImage image = reader.read(0);
            if (image.getRaster().getNumBands() > 3 && !image.getColorModel().hasAlpha()) {
                throw new NotCompressible(SkipReason.FORM, "no decoder here knows its colours");
            }
            int left = extension.equals("gif") ? place(reader, "imageLeftPosition") : 0;
            int top = extension.equals("gif") ? place(reader, "imageTopPosition") : 0;
            return Pixels.of(canvas.width, canvas.height, y -> {
                int[] line = new int[canvas.width];
                int width = Math.min(image.getWidth(), canvas.width - left);
                if (y >= top && y < top + image.getHeight() && width > 0) {
                    line(image, y - top, width, line, left);
                }
                return line;
            });
        });
    }

    private static void line(BufferedImage image, int y, int width, int[] line, int left) {
        Raster raster = image.getRaster();
        int bands = raster.getNumBands();
        int bits = image.getColorModel().getComponentSize(0);
        if (image.getColorModel() instanceof IndexColorModel || bands > 2 || bits > Short.SIZE) {
            image.getRGB(0, y, width, 1, line, left, image.getWidth());
            return;
        }
        // Java takes grey for linear, and shows it too light.
        int most = (1 << bits) - 1;
        int[] pixel = new int[bands];
        for (int x = 0; x < width; x++) {
            raster.getPixel(x, y, pixel);
            int grey = pixel[0] * 255 / most;
            int alpha = bands == 2 ? pixel[1] * 255 / most : 255;
            line[left + x] = alpha << 24 | grey << 16 | grey << 8 | grey;
        }
    }

    /** Frames of what moves may be smaller than the picture. */
    private static Size canvas(String extension, ImageReader reader) throws IOException {
        if (extension.equals("gif") && reader.getStreamMetadata() != null) {
            IIOMetadataNode screen = (IIOMetadataNode)
                    ((IIOMetadataNode) reader.getStreamMetadata().getAsTree("javax_imageio_gif_stream_1.0"))
                            .getElementsByTagName("LogicalScreenDescriptor")
                            .item(0);
            int width = number(screen, "logicalScreenWidth");
            int height = number(screen, "logicalScreenHeight");
            if (width > 0 && height > 0) {
                return new Size(width, height);
            }
        }
        return new Size(reader.getWidth(0), reader.getHeight(0));
    }

    private static int place(ImageReader reader, String name) throws IOException {
        return number(
                (IIOMetadataNode)
                        ((IIOMetadataNode) reader.getImageMetadata(0).getAsTree("javax_imageio_gif_image_1.0"))
                                .getElementsByTagName("ImageDescriptor")
                                .item(0),
                name);
    }

    private static int number(IIOMetadataNode node, String attribute) {
        String text = node == null ? "" : node.getAttribute(attribute);
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    static <T> T read(String extension, byte[] file, Reading<T> reading) throws NotCompressible {
        if (!TYPES.contains(extension)) {
            throw new NotCompressible(SkipReason.DAMAGED, "its header is none");
        }
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            ImageReader reader = ImageIO.getImageReadersByFormatName(extension).next();
            try {
                // Of what is written beside the pixels only a GIF's says where they are; a PNG's may be inflated to
                // gigabytes.
                reader.setInput(in, false, !extension.equals("gif"));
                return reading.of(reader);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            // A damaged header asks for any size of an array.
            throw new NotCompressible(
                    SkipReason.DAMAGED, "the decoder refuses it: " + (e.getMessage() == null ? e : e.getMessage()));
        }
    }
}
