package dev.mediaferry.raster;

import dev.mediaferry.format.NotCompressible;
import dev.mediaferry.format.Picture;
import dev.mediaferry.format.SkipReason;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.leptonica.PIX;
import org.bytedeco.leptonica.global.leptonica;

/**
 * A decoded picture in native memory, four bytes per pixel (one when it is grey), until it is closed. The only class that
 * calls native code.
 */
public final class Pixels implements AutoCloseable {

    private static final int ON = 1;
    private static final int OFF = 0;
    private static final int FULL_SIZE = 1;
    private static final int FIRST_PAGE = 0;

    /** Damaged data makes no picture, instead of a guessed one. */
    private static final int STRICT = 0;

    /** Bits of a pixel that no other method here gets. */
    private static final int COLOUR = 32;

    private static final int GREY = 8;

    private static final int TRANSPARENT = 4;

    /** A picture of this many times the size is scaled in two steps. */
    private static final int FAR = 4;

    /** What a header says, read without decoding a pixel. */
    public record Header(int width, int height, int bits, int channels) {}

    /** Pixels of a side: as many as any codec's own blocks need to lie in it as in the picture. */
    public static final int BLOCK = 64;

    private PIX pix;

    private Pixels(PIX pix) {
        this.pix = pix;
    }

    /**
     * @throws NotCompressible when the decoder is not content with the data, or makes another size of it than the header says
     * @throws LinkageError where there is no binary for the platform
     */
    public static Pixels decode(String extension, byte[] file, Picture expected) throws NotCompressible {
        leptonica.setMsgSeverity(leptonica.L_SEVERITY_NONE);
        PIX pix =
                switch (extension) {
                    case "jpg" -> leptonica.pixReadMemJpeg(file, file.length, OFF, FULL_SIZE, new int[1], STRICT);
                    case "webp" -> leptonica.pixReadMemWebP(file, file.length);
                    case "tiff" -> leptonica.pixReadMemTiff(file, file.length, FIRST_PAGE);
                    default -> throw new IllegalArgumentException(extension);
                };
        if (pix == null || pix.isNull()) {
            throw new NotCompressible(SkipReason.DAMAGED, "the decoder refuses it");
        }
        Pixels pixels = new Pixels(pix);
        if (leptonica.pixGetWidth(pix) != expected.width() || leptonica.pixGetHeight(pix) != expected.height()) {
            pixels.close();
            throw new NotCompressible(SkipReason.DAMAGED, "the decoder makes another size of it than its header says");
        }
        leptonica.pixSetText(pix, (String) null);
        return pixels;
    }

    /** @return empty when no decoder here knows the format, or the header is none */
    public static Optional<Header> header(byte[] file) {
        leptonica.setMsgSeverity(leptonica.L_SEVERITY_NONE);
        int[] format = new int[1];
        int[] width = new int[1];
        int[] height = new int[1];
        int[] bits = new int[1];
        int[] channels = new int[1];
        int error = leptonica.pixReadHeaderMem(file, file.length, format, width, height, bits, channels, new int[1]);
        return error == 0 && width[0] > 0 && height[0] > 0
                ? Optional.of(new Header(width[0], height[0], bits[0], channels[0]))
                : Optional.empty();
    }

    /**
     * Decodes a picture of any form to grey or colour, with transparency if it has any.
     *
     * @param extension of its type
     * @param reduction 1, 2, 4 or 8: what a JPEG is decoded to, by leaving out what is finer
     * @param patient true to take what a decoder complains about, as viewers do
     * @throws NotCompressible when the decoder makes nothing of it
     * @throws LinkageError where there is no binary for the platform
     */
    public static Pixels read(String extension, byte[] file, int reduction, boolean patient) throws NotCompressible {
        leptonica.setMsgSeverity(leptonica.L_SEVERITY_NONE);
        int hint = patient ? leptonica.L_JPEG_CONTINUE_WITH_BAD_DATA : STRICT;
        PIX pix =
                switch (extension) {
                    case "jpg" -> leptonica.pixReadMemJpeg(file, file.length, OFF, reduction, new int[1], hint);
                    case "png" -> leptonica.pixReadMemPng(file, file.length);
                    case "webp" -> leptonica.pixReadMemWebP(file, file.length);
                    case "tiff" -> leptonica.pixReadMemTiff(file, file.length, FIRST_PAGE);
                    case "bmp" -> leptonica.pixReadMemBmp(file, file.length);
                    default -> throw new IllegalArgumentException(extension);
                };
        if (pix == null || pix.isNull()) {
            throw new NotCompressible(SkipReason.DAMAGED, "the decoder refuses it");
        }
        Pixels pixels = new Pixels(pix);
        // What somebody has written into it goes along with copies, and would be written into files.
        leptonica.pixSetText(pix, (String) null);
        try {
            if (leptonica.pixGetColormap(pix) != null
                    && !leptonica.pixGetColormap(pix).isNull()) {
                pixels.replace(leptonica.pixRemoveColormap(pixels.pix, leptonica.REMOVE_CMAP_BASED_ON_SRC));
            }
            int depth = leptonica.pixGetDepth(pixels.pix);
            if (depth != GREY && depth != COLOUR) {
                pixels.replace(leptonica.pixConvertTo8Or32(pixels.pix, leptonica.L_COPY, OFF));
            }
            return pixels;
        } catch (NotCompressible e) {
            pixels.close();
            throw e;
        }
    }

    /** @param lines gives each line's pixels, 0xAARRGGBB */
    public static Pixels of(int width, int height, IntFunction<int[]> lines) throws NotCompressible {
        Pixels pixels = of(leptonica.pixCreate(width, height, COLOUR));
        IntBuffer data = pixels.data();
        int words = pixels.wordsPerLine();
        boolean opaque = true;
        for (int y = 0; y < height; y++) {
            int[] line = lines.apply(y);
            for (int x = 0; x < width; x++) {
                opaque &= line[x] >>> 24 == 0xff;
                line[x] = line[x] << 8 | line[x] >>> 24;
            }
            data.put(y * words, line, 0, width);
        }
        leptonica.pixSetSpp(pixels.pix, opaque ? 3 : TRANSPARENT);
        return pixels;
    }

    /** @return another picture of that size, for smaller sizes only */
    public Pixels scaled(int width, int height) throws NotCompressible {
        if (!hasAlpha()) {
            return reduced(width, height);
        }
        // The mean of colours alone would let those shine through that nobody sees.
        try (Pixels weighted = weighted()) {
            Pixels scaled = weighted.reduced(width, height);
            scaled.unweigh();
            return scaled;
        }
    }

    /** One of four times the size or more is halved before, which costs little and is not seen. */
    private Pixels reduced(int width, int height) throws NotCompressible {
        int halvings = 0;
        // The library's way knows no transparency.
        while (!hasAlpha() && width() >> halvings >= FAR * width && height() >> halvings >= FAR * height) {
            halvings++;
        }
        if (halvings == 0) {
            return lanczos(width, height);
        }
        try (Pixels half = of(leptonica.pixScaleAreaMapToSize(pix, width() >> halvings, height() >> halvings))) {
            return half.lanczos(width, height);
        }
    }

    private Pixels lanczos(int width, int height) throws NotCompressible {
        Pixels scaled = of(leptonica.pixCreate(width, height, leptonica.pixGetDepth(pix)));
        leptonica.pixSetSpp(scaled.pix, leptonica.pixGetSpp(pix));
        Lanczos.scale(this, scaled);
        return scaled;
    }

    private Pixels weighted() throws NotCompressible {
        Pixels weighted = of(leptonica.pixCopy(null, pix));
        weighted.each(word -> {
            int alpha = word & 0xff;
            return alpha == 0xff
                    ? word
                    : product(word >>> 24, alpha) << 24
                            | product(word >> 16 & 0xff, alpha) << 16
                            | product(word >> 8 & 0xff, alpha) << 8
                            | alpha;
        });
        return weighted;
    }

    private void unweigh() {
        each(word -> {
            int alpha = word & 0xff;
            return alpha == 0xff || alpha == 0
                    ? word
                    : quotient(word >>> 24, alpha) << 24
                            | quotient(word >> 16 & 0xff, alpha) << 16
                            | quotient(word >> 8 & 0xff, alpha) << 8
                            | alpha;
        });
    }

    private static int product(int value, int alpha) {
        return (value * alpha + 127) / 255;
    }

    private static int quotient(int value, int alpha) {
        return Math.min(255, (value * 255 + alpha / 2) / alpha);
    }

    /** Lays what is transparent on a colour, 0xRRGGBB. */
    public void layOn(int background) {
        if (hasAlpha()) {
            each(word -> {
                int alpha = word & 0xff;
                int rest = 255 - alpha;
                return alpha == 0xff
                        ? word
                        : (product(word >>> 24, alpha) + product(background >> 16 & 0xff, rest)) << 24
                                | (product(word >> 16 & 0xff, alpha) + product(background >> 8 & 0xff, rest)) << 16
                                | (product(word >> 8 & 0xff, alpha) + product(background & 0xff, rest)) << 8
                                | 0xff;
            });
            leptonica.pixSetSpp(pix, 3);
        }
    }

    /** @return a transparent picture of that size with this one, of colour, in it */
    public Pixels laidInto(int width, int height, int left, int top) throws NotCompressible {
        if (!hasAlpha()) {
            each(word -> word | 0xff);
        }
        Pixels canvas = of(leptonica.pixCreate(width, height, COLOUR));
        leptonica.pixSetSpp(canvas.pix, TRANSPARENT);
        leptonica.pixRasterop(canvas.pix, left, top, width(), height(), leptonica.PIX_SRC, pix, 0, 0);
        return canvas;
    }

    /** Changes every pixel of a picture in colour, 0xRRGGBBAA, or four pixels of a grey one. */
    public void each(IntUnaryOperator change) {
        IntBuffer data = data();
        int words = wordsPerLine() * height();
        int[] line = new int[wordsPerLine()];
        for (int at = 0; at < words; at += line.length) {
            data.get(at, line);
            for (int i = 0; i < line.length; i++) {
                line[i] = change.applyAsInt(line[i]);
            }
            data.put(at, line);
        }
    }

    public Pixels copy() throws NotCompressible {
        return of(leptonica.pixCopy(null, pix));
    }

    /** @return the middle of it, as high as it is wide */
    public Pixels square() throws NotCompressible {
        int side = Math.min(width(), height());
        Pixels square = of(leptonica.pixCreate(side, side, leptonica.pixGetDepth(pix)));
        leptonica.pixSetSpp(square.pix, leptonica.pixGetSpp(pix));
        leptonica.pixRasterop(
                square.pix, 0, 0, side, side, leptonica.PIX_SRC, pix, (width() - side) / 2, (height() - side) / 2);
        return square;
    }

    public byte[] toPng() throws NotCompressible {
        return encoded((bytes, length) -> leptonica.pixWriteMemPng(bytes, length, pix, 0));
    }

    private static Pixels of(PIX pix) throws NotCompressible {
        if (pix == null || pix.isNull()) {
            throw new NotCompressible(SkipReason.FAILED, "no memory for a sample");
        }
        return new Pixels(pix);
    }

    /** @return blocks from all over the picture, side by side; a codec that works block by block treats them as there */
    public Pixels sample(int blocks) throws NotCompressible {
        Pixels sample = of(leptonica.pixCreate(blocks * BLOCK, blocks * BLOCK, leptonica.pixGetDepth(pix)));
        int across = width() / BLOCK - 1;
        int down = height() / BLOCK - 1;
        for (int i = 0; i < blocks; i++) {
            for (int j = 0; j < blocks; j++) {
                leptonica.pixRasterop(
                        sample.pix,
                        i * BLOCK,
                        j * BLOCK,
                        BLOCK,
                        BLOCK,
                        leptonica.PIX_SRC,
                        pix,
                        (i * across / (blocks - 1)) * BLOCK,
                        (j * down / (blocks - 1)) * BLOCK);
            }
        }
        return sample;
    }

    public int width() {
        return leptonica.pixGetWidth(pix);
    }

    public int height() {
        return leptonica.pixGetHeight(pix);
    }

    public boolean hasAlpha() {
        return leptonica.pixGetSpp(pix) == 4;
    }

    public int wordsPerLine() {
        return leptonica.pixGetWpl(pix);
    }

    /** The pixels, line by line, the first byte of each word being the most significant; not to be used once closed. */
    public IntBuffer data() {
        return new IntPointer(leptonica.pixGetData(pix))
                .capacity((long) wordsPerLine() * height())
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asIntBuffer();
    }

    public boolean isGrey() {
        return leptonica.pixGetDepth(pix) == 8;
    }

    /** Turns and mirrors it so that EXIF's orientation, 1 to 8, becomes 1. */
    public void turnUpright(int orientation) throws NotCompressible {
        int quarters =
                switch (orientation) {
                    case 3 -> 2;
                    case 5, 6, 7 -> 1;
                    case 8 -> 3;
                    default -> 0;
                };
        if (quarters > 0) {
            replace(leptonica.pixRotateOrth(pix, quarters));
        }
        if (orientation == 2 || orientation == 5) {
            replace(leptonica.pixFlipLR(null, pix));
        } else if (orientation == 4 || orientation == 7) {
            replace(leptonica.pixFlipTB(null, pix));
        }
    }

    private void replace(PIX turned) throws NotCompressible {
        if (turned == null || turned.isNull()) {
            throw new NotCompressible(SkipReason.FAILED, "no memory to turn it");
        }
        leptonica.pixDestroy(pix);
        pix = turned;
    }

    /** @param halfColours whether colours have half the resolution in both directions */
    public byte[] toJpeg(int quality, boolean halfColours) throws NotCompressible {
        leptonica.pixSetChromaSampling(pix, halfColours ? ON : OFF);
        return encoded((bytes, length) -> leptonica.pixWriteMemJpeg(bytes, length, pix, quality, OFF));
    }

    public byte[] toWebp(int quality) throws NotCompressible {
        return encoded((bytes, length) -> leptonica.pixWriteMemWebP(bytes, length, pix, quality, OFF));
    }

    private interface Writer {
        int write(PointerPointer<BytePointer> bytes, SizeTPointer length);
    }

    private static byte[] encoded(Writer writer) throws NotCompressible {
        try (PointerPointer<BytePointer> address = new PointerPointer<>(1);
                SizeTPointer length = new SizeTPointer(1)) {
            address.put(0, null);
            int error = writer.write(address, length);
            BytePointer bytes = address.get(BytePointer.class, 0);
            if (bytes == null || bytes.isNull()) {
                throw new NotCompressible(SkipReason.FAILED, "the encoder made nothing of it");
            }
            try {
                if (error != 0) {
                    throw new NotCompressible(SkipReason.FAILED, "the encoder gave up");
                }
                byte[] encoded = new byte[Math.toIntExact(length.get())];
                bytes.get(encoded);
                return encoded;
            } finally {
                leptonica.lept_free(bytes);
            }
        }
    }

    @Override
    public void close() {
        leptonica.pixDestroy(pix);
    }
}
