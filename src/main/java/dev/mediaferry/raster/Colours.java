package dev.mediaferry.raster;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.color.ProfileDataException;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Makes colours that a profile defines those of sRGB, which every screen shows. */
public final class Colours {

    private static final int LINES = 64;
    private static final int GREYS = 256;
    private static final int[] RGB = {0, 1, 2};

    private final ICC_Profile from;

    private Colours(ICC_Profile from) {
        this.from = from;
    }

    /**
     * @param profile ICC
     * @return empty when there is nothing to convert: the profile is that of sRGB, or damaged, or neither of grey nor of red, green and blue
     */
    public static Optional<Colours> of(byte[] profile) {
        try {
            ICC_Profile read = ICC_Profile.getInstance(profile);
            boolean fits =
                    read.getColorSpaceType() == ColorSpace.TYPE_RGB || read.getColorSpaceType() == ColorSpace.TYPE_GRAY;
            return fits && !isStandard(profile) && isWhole(read) ? Optional.of(new Colours(read)) : Optional.empty();
        } catch (IllegalArgumentException | CMMException e) {
            return Optional.empty();
        }
    }

    /** Its description is near the beginning, in one of two encodings. */
    private static boolean isStandard(byte[] profile) {
        String head = new String(
                Arrays.copyOf(profile, Math.min(profile.length, 4096)), java.nio.charset.StandardCharsets.ISO_8859_1);
        String text = head.replace("\0", "");
        return text.contains("sRGB") && !text.contains("linear");
    }

    /** Converts a picture in place; transparency stays. A grey one with a profile of colours is left as it is. */
    public void convert(Pixels pixels) {
        if (from.getColorSpaceType() == ColorSpace.TYPE_GRAY) {
            convertGreys(pixels);
        } else if (!pixels.isGrey()) {
            convertColours(pixels);
        }
    }

    private void convertGreys(Pixels pixels) {
        WritableRaster in = Raster.createBandedRaster(DataBuffer.TYPE_BYTE, GREYS, 1, 1, null);
        for (int grey = 0; grey < GREYS; grey++) {
            in.setSample(grey, 0, 0, grey);
        }
        WritableRaster out =
                conversion(from).filter(in, Raster.createBandedRaster(DataBuffer.TYPE_BYTE, GREYS, 1, 3, null));
        int[] of = out.getSamples(0, 0, GREYS, 1, 1, (int[]) null);
        boolean isGrey = pixels.isGrey();
        pixels.each(word -> of[word >>> 24] << 24
                | of[word >> 16 & 0xff] << 16
                | of[word >> 8 & 0xff] << 8
                | (isGrey ? of[word & 0xff] : word & 0xff));
    }

    private void convertColours(Pixels pixels) {
        ColorConvertOp conversion = conversion(from);
        IntBuffer data = pixels.data();
        int width = pixels.width();
        int words = pixels.wordsPerLine();
        int[] line = new int[words];
        WritableRaster in = Raster.createInterleavedRaster(
                new DataBufferByte(width * LINES * 3), width, LINES, width * 3, 3, RGB, null);
        WritableRaster out = in.createCompatibleWritableRaster();
        byte[] before = ((DataBufferByte) in.getDataBuffer()).getData();
        byte[] after = ((DataBufferByte) out.getDataBuffer()).getData();
        for (int top = 0; top < pixels.height(); top += LINES) {
            int lines = Math.min(LINES, pixels.height() - top);
            for (int y = 0; y < lines; y++) {
                data.get((top + y) * words, line);
                for (int x = 0, at = y * width * 3; x < width; x++, at += 3) {
                    before[at] = (byte) (line[x] >>> 24);
                    before[at + 1] = (byte) (line[x] >> 16);
                    before[at + 2] = (byte) (line[x] >> 8);
                }
            }
            conversion.filter(in, out);
            for (int y = 0; y < lines; y++) {
                data.get((top + y) * words, line);
                for (int x = 0, at = y * width * 3; x < width; x++, at += 3) {
                    line[x] = (after[at] & 0xff) << 24
                            | (after[at + 1] & 0xff) << 16
                            | (after[at + 2] & 0xff) << 8
                            | (line[x] & 0xff);
                }
                data.put((top + y) * words, line);
            }
        }
    }

    /** True when a pixel can be converted, which a header alone does not promise. */
    public static boolean isWhole(ICC_Profile from) {
        try {
            conversion(from)
                    .filter(
                            Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 1, 1, from.getNumComponents(), null),
                            Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 1, 1, 3, null));
            return true;
        } catch (CMMException | ProfileDataException | IllegalArgumentException e) {
            return false;
        }
    }

    /** @return what makes pixels of a profile pixels of sRGB */
    public static ColorConvertOp conversion(ICC_Profile from) {
        return new ColorConvertOp(new ICC_Profile[] {from, ICC_Profile.getInstance(ColorSpace.CS_sRGB)}, null);
    }
}
