package dev.mediaferry.format;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * How the pixels of a PNG lie in its data (https://www.w3.org/TR/png-3/#11IHDR).
 *
 * @param bits per sample
 * @param colours the colour type: 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha
 * @param interlaced in the seven passes of Adam7
 */
public record PngForm(int width, int height, int bits, int colours, boolean interlaced) {

    static final int GREY = 0;
    static final int RGB = 2;
    public static final int PALETTE = 3;
    static final int GREY_ALPHA = 4;
    static final int RGB_ALPHA = 6;

    /** Where the passes of Adam7 begin, and their steps: x, y, x step, y step. */
    private static final int[][] ADAM7 = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };

    public record Pass(int width, int height) {}

    /** @throws NotCompressible for a combination that the specification does not have */
    static PngForm of(int width, int height, int bits, int colours, int methods, int interlace) throws NotCompressible {
        boolean known =
                switch (colours) {
                    case GREY -> bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
                    case PALETTE -> bits == 1 || bits == 2 || bits == 4 || bits == 8;
                    case RGB, GREY_ALPHA, RGB_ALPHA -> bits == 8 || bits == 16;
                    default -> false;
                };
        if (!known || methods != 0 || interlace < 0 || interlace > 1) {
            throw new NotCompressible(
                    SkipReason.DAMAGED, "its header claims colour type " + colours + " with " + bits + " bits");
        }
        return new PngForm(width, height, bits, colours, interlace == 1);
    }

    PngForm withColours(int newColours, int newBits) {
        return new PngForm(width, height, newBits, newColours, interlaced);
    }

    public int samples() {
        return switch (colours) {
            case RGB -> 3;
            case GREY_ALPHA -> 2;
            case RGB_ALPHA -> 4;
            default -> 1;
        };
    }

    boolean isGrey() {
        return colours == GREY || colours == GREY_ALPHA;
    }

    boolean hasAlpha() {
        return colours == GREY_ALPHA || colours == RGB_ALPHA;
    }

    /** How far back, in bytes, filters look. */
    int step() {
        return Math.max(1, samples() * bits / 8);
    }

    public int bytes(int pixels) {
        return (int) (((long) pixels * samples() * bits + 7) / 8);
    }

    public List<Pass> passes() {
        if (!interlaced) {
            return List.of(new Pass(width, height));
        }
        List<Pass> passes = new ArrayList<>();
        for (int[] pass : ADAM7) {
            int across = (width - pass[0] + pass[2] - 1) / pass[2];
            int down = (height - pass[1] + pass[3] - 1) / pass[3];
            if (across > 0 && down > 0) {
                passes.add(new Pass(across, down));
            }
        }
        return passes;
    }

    public byte[] header() {
        return ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put((byte) bits)
                .put((byte) colours)
                .putShort((short) 0)
                .put((byte) (interlaced ? 1 : 0))
                .array();
    }
}
