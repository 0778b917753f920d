package dev.mediaferry.raster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.format.NotCompressible;
import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanczosTest {

    @Test
    void leavesWhatIsEvenEven() throws NotCompressible {
        int[][] sizes = {{97, 61, 96, 60}, {97, 61, 48, 30}, {97, 61, 7, 1}, {3, 2, 1, 1}, {400, 3, 50, 1}};
        for (int[] size : sizes) {
            assertThat(scaled(size, (x, y) -> 0xff_ff_80_01))
                    .as(Arrays.toString(size))
                    .containsOnly(0xff_80_01_ff);
            for (int word : scaled(size, (x, y) -> 0x40_20_40_60)) {
                assertThat(word & 0xff).isEqualTo(0x40);
                assertThat(word >>> 24).isBetween(0x1e, 0x22);
                assertThat(word >> 8 & 0xff).isBetween(0x5e, 0x62);
            }
        }
    }

    @Test
    void makesTheMeanOfWhatIsTooFineAndKeepsEdges() throws NotCompressible {
        int[] size = {96, 96, 24, 24};
        // In the middle; at the sides there are fewer neighbours.
        assertThat(scaled(size, (x, y) -> (x + y) % 2 == 0 ? 0xff_ff_ff_ff : 0xff_00_00_00)[12 * 24 + 12] >>> 24)
                .isBetween(126, 129);
        int[] edge = scaled(size, (x, y) -> x < 48 ? 0xff_20_20_20 : 0xff_e0_e0_e0);
        assertThat(edge[12 * 24 + 10] >>> 24).isLessThan(0x30);
        assertThat(edge[12 * 24 + 13] >>> 24).isGreaterThan(0xd0);
    }

    @Test
    void letsNoColourShineThroughThatNobodySees() throws NotCompressible {
        int[] made = scaled(new int[] {64, 64, 20, 20}, (x, y) -> x < 32 ? 0x00_ff_ff_ff : 0xff_80_00_00);
        for (int word : made) {
            if ((word & 0xff) > 0x10) {
                assertThat(word >> 16 & 0xff).as("green").isLessThan(4);
            }
        }
    }

    /** @return words of a picture, 0xRRGGBBAA, made of another one */
    private static int[] scaled(int[] size, IntBinaryOperator argb) throws NotCompressible {
        try (Pixels picture = Pixels.of(size[0], size[1], y -> IntStream.range(0, size[0])
                        .map(x -> argb.applyAsInt(x, y))
                        .toArray());
                Pixels small = picture.scaled(size[2], size[3])) {
            assertThat(small.hasAlpha()).isEqualTo(picture.hasAlpha());
            int[] words = new int[size[2] * size[3]];
            small.data().get(0, words);
            int opaque = small.hasAlpha() ? 0 : 0xff;
            return Arrays.stream(words).map(word -> word | opaque).toArray();
        }
    }
}
