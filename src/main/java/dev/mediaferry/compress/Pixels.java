package dev.mediaferry.compress;

import dev.mediaferry.format.NotCompressible;
import dev.mediaferry.format.Picture;
import dev.mediaferry.format.SkipReason;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.leptonica.PIX;
import org.bytedeco.leptonica.global.leptonica;

/**
 * A decoded picture in native memory, four bytes per pixel (one when it is grey), until it is closed. The only class that
 * calls native code; what it is given has passed the strict reading of its structure.
 */
final class Pixels implements AutoCloseable {

    private static final int ON = 1;
    private static final int OFF = 0;
    private static final int FULL_SIZE = 1;
    private static final int FIRST_PAGE = 0;

    /** Damaged data makes no picture, instead of a guessed one. */
    private static final int STRICT = 0;

    /** Pixels of a side: as many as any codec's own blocks need to lie in it as in the picture. */
    static final int BLOCK = 64;

    private PIX pix;

    private Pixels(PIX pix) {
        this.pix = pix;
    }

    /**
     * @throws NotCompressible when the decoder is not content with the data, or makes another size of it than the header says
     * @throws LinkageError where there is no binary for the platform
     */
    static Pixels decode(String extension, byte[] file, Picture expected) throws NotCompressible {
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

    private static Pixels of(PIX pix) throws NotCompressible {
        if (pix == null || pix.isNull()) {
            throw new NotCompressible(SkipReason.FAILED, "no memory for a sample");
        }
        return new Pixels(pix);
    }

    /** @return blocks from all over the picture, side by side; a codec that works block by block treats them as there */
    Pixels sample(int blocks) throws NotCompressible {
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

    int width() {
        return leptonica.pixGetWidth(pix);
    }

    int height() {
        return leptonica.pixGetHeight(pix);
    }

    boolean hasAlpha() {
        return leptonica.pixGetSpp(pix) == 4;
    }

    int wordsPerLine() {
        return leptonica.pixGetWpl(pix);
    }

    /** The pixels, line by line, the first byte of each word being the most significant; not to be used once closed. */
    IntBuffer data() {
        return new IntPointer(leptonica.pixGetData(pix))
                .capacity((long) wordsPerLine() * height())
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asIntBuffer();
    }

    boolean isGrey() {
        return leptonica.pixGetDepth(pix) == 8;
    }

    /** Turns and mirrors it so that EXIF's orientation, 1 to 8, becomes 1. */
    void turnUpright(int orientation) throws NotCompressible {
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
    byte[] toJpeg(int quality, boolean halfColours) throws NotCompressible {
        leptonica.pixSetChromaSampling(pix, halfColours ? ON : OFF);
        return encoded((bytes, length) -> leptonica.pixWriteMemJpeg(bytes, length, pix, quality, OFF));
    }

    byte[] toWebp(int quality) throws NotCompressible {
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
