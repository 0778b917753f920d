package dev.mediaferry.derivatives;

import dev.mediaferry.format.ColourProfile;
import dev.mediaferry.format.NotCompressible;
import dev.mediaferry.raster.Colours;
import dev.mediaferry.raster.Pixels;
import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * How a JPEG holds the inks of a press: which colours they make only its profile says, and without one the native decoder guesses.
 *
 * @param press its profile
 * @param inverse true when 0 is all of an ink, as Adobe's programs write it
 * @param mixed true when cyan, magenta and yellow lie as lightness and two differences (Adobe's transform 2)
 */
record Inks(ICC_Profile press, boolean inverse, boolean mixed) {

    /** The form of a picture, START_OF_SCAN, and what Adobe's programs say (ITU-T T.81, B.1.1.3; T.872, 6.5.3). */
    private static final int FIRST_FRAME = 0xc0;

    private static final int LAST_FRAME = 0xcf;
    private static final int SCAN = 0xda;
    private static final int ADOBE = 0xee;
    private static final byte[] ADOBE_NAME = "Adobe".getBytes(StandardCharsets.US_ASCII);
    private static final int TRANSFORM = 11;
    private static final int INKS = 4;

    /** @return empty when it has no inks, no profile that says what they are, or more pixels than Java decodes here */
    static Optional<Inks> of(byte[] jpeg, long pixels) {
        if (pixels > JavaDecoder.MOST_PIXELS) {
            return Optional.empty();
        }
        boolean inks = false;
        int transform = -1;
        int at = 2;
        while (at + 4 + TRANSFORM < jpeg.length && (jpeg[at] & 0xff) == 0xff && (jpeg[at + 1] & 0xff) != SCAN) {
            int marker = jpeg[at + 1] & 0xff;
            if (marker == 0xff) {
                at++;
                continue;
            }
            if (marker == ADOBE && Arrays.equals(jpeg, at + 4, at + 9, ADOBE_NAME, 0, ADOBE_NAME.length)) {
                transform = jpeg[at + 4 + TRANSFORM];
            }
            // Those of a multiple of four are tables and no frames.
            if (marker == FIRST_FRAME || (marker > FIRST_FRAME && marker <= LAST_FRAME && marker % 4 != 0)) {
                inks = jpeg[at + 9] == INKS;
            }
            at += 2 + ((jpeg[at + 2] & 0xff) << 8 | (jpeg[at + 3] & 0xff));
        }
        if (!inks) {
            return Optional.empty();
        }
        boolean adobe = transform >= 0;
        boolean mixed = transform == 2;
        return ColourProfile.of("jpg", jpeg).flatMap(Inks::press).map(press -> new Inks(press, adobe, mixed));
    }

    private static Optional<ICC_Profile> press(byte[] profile) {
        try {
            return Optional.of(ICC_Profile.getInstance(profile))
                    .filter(read -> read.getColorSpaceType() == ColorSpace.TYPE_CMYK && Colours.isWhole(read));
        } catch (IllegalArgumentException | CMMException e) {
            return Optional.empty();
        }
    }

    Pixels decode(byte[] jpeg) throws NotCompressible {
        return JavaDecoder.read("jpeg", jpeg, reader -> {
            Raster stored = reader.readRaster(0, null);
            int width = stored.getWidth();
            ColorConvertOp conversion = Colours.conversion(press);
            WritableRaster line = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, 1, INKS, null);
            WritableRaster seen = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, 1, 3, null);
            int[] inks = new int[width * INKS];
            int[] colours = new int[width * 3];
            return Pixels.of(width, stored.getHeight(), y -> {
                stored.getPixels(0, y, width, 1, inks);
                for (int at = 0; at < inks.length; at += INKS) {
                    toInks(inks, at);
                }
                line.setPixels(0, 0, width, 1, inks);
                conversion.filter(line, seen).getPixels(0, 0, width, 1, colours);
                int[] pixels = new int[width];
                for (int x = 0, at = 0; x < width; x++, at += 3) {
                    pixels[x] = 0xff << 24 | colours[at] << 16 | colours[at + 1] << 8 | colours[at + 2];
                }
                return pixels;
            });
        });
    }

    /** Unmixes as T.871, 7 does, of what is left when each ink is taken from white. */
    private void toInks(int[] inks, int at) {
        if (mixed) {
            double light = inks[at];
            double blue = inks[at + 1] - 128.0;
            double red = inks[at + 2] - 128.0;
            inks[at] = 255 - clamp(light + 1.402 * red);
            inks[at + 1] = 255 - clamp(light - 0.344136 * blue - 0.714136 * red);
            inks[at + 2] = 255 - clamp(light + 1.772 * blue);
        }
        if (inverse) {
            for (int i = at; i < at + INKS; i++) {
                inks[i] = 255 - inks[i];
            }
        }
    }

    private static int clamp(double value) {
        return (int) Math.max(0, Math.min(255, Math.round(value)));
    }
}
