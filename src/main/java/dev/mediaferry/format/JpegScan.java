package dev.mediaferry.format;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Whether a JPEG without its end marker has all its pixels: only decoding tells, since its data may end anywhere. Done for
 * the few files that lack the marker.
 */
public final class JpegScan {

    /** Larger ones are not decoded, and taken for cut. */
    private static final int MOST_BYTES = 64_000_000;

    private static final byte[] END = {(byte) 0xff, (byte) 0xd9};

    /** A decoder reads zeros as data, and a file that was cut and filled up ends with them. */
    private static final int MOST_ZEROS = 8;

    /** Pixels of a side that are kept: the decoder goes through all of them, and memory holds few. */
    private static final int SAMPLES = 16;

    private JpegScan() {}

    public static boolean isWhole(Bytes bytes) throws IOException {
        if (bytes.length() > MOST_BYTES) {
            return false;
        }
        byte[] file = bytes.head(MOST_BYTES);
        int zeros = 0;
        while (zeros < file.length && file[file.length - 1 - zeros] == 0) {
            zeros++;
        }
        return zeros < MOST_ZEROS && isDecoded(file);
    }

    private static boolean isDecoded(byte[] file) throws IOException {
        InputStream ended = new SequenceInputStream(new ByteArrayInputStream(file), new ByteArrayInputStream(END));
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        boolean[] warned = new boolean[1];
        try (MemoryCacheImageInputStream stream = new MemoryCacheImageInputStream(ended)) {
            reader.addIIOReadWarningListener((source, warning) -> warned[0] = true);
            reader.setInput(stream, true, true);
            ImageReadParam few = reader.getDefaultReadParam();
            few.setSourceSubsampling(
                    Math.max(1, reader.getWidth(0) / SAMPLES), Math.max(1, reader.getHeight(0) / SAMPLES), 0, 0);
            // The bare samples: which colours they stand for does not matter here.
            reader.readRaster(0, few);
            return !warned[0];
        } catch (IIOException | RuntimeException e) {
            // Whatever the decoder does not understand is not known to be whole.
            return false;
        } finally {
            reader.dispose();
        }
    }
}
