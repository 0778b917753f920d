import dev.mediaferry.compress.Compressed;
import dev.mediaferry.format.Compression;
import dev.mediaferry.compress.Compressor;
import dev.mediaferry.content.Content;
import dev.mediaferry.content.MediaKind;
import dev.mediaferry.content.BodyReader;
import dev.mediaferry.fixture.Similarity;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * {@code java -cp CLASSES Fixtures IN WORK}: compresses every picture below IN as an import would, and compares the result with its
 * original, both turned upright by ImageMagick: one line per picture, and a sum. Ends with 1 when a picture that was replaced
 * is below a similarity of 0.95 or 30 dB, lies differently, or when something crashed. CLASSES are those of the program, of its
 * libraries and of its tests.
 */
public class Fixtures {

    private static final double LEAST_SIMILARITY = 0.95;
    private static final double LEAST_DECIBELS = 30;

    public static void main(String[] args) throws Exception {
        Path work = Files.createDirectories(Path.of(args[1]));
        Path spool = Files.createDirectories(work.resolve("spool"));
        Compressor compressor = new Compressor(work, spool, 50_000_000);
        BodyReader reception = new BodyReader(spool, Integer.MAX_VALUE, 200_000_000);
        Map<String, Integer> outcomes = new TreeMap<>();
        int bad = 0;
        List<Path> files;
        try (Stream<Path> walk = Files.walk(Path.of(args[0]))) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            Content original;
            try (InputStream in = Files.newInputStream(file)) {
                original = reception.receive(in, Files.size(file), EnumSet.allOf(MediaKind.class));
            } catch (dev.mediaferry.failure.TransferException e) {
                outcomes.merge("not a medium: " + e.kind().label(), 1, Integer::sum);
                continue;
            }
            try (Compressed compressed = compressor.compress(original, Compression.DEFAULT)) {
                String outcome = compressed.kept().map(kept -> "kept: " + kept.label()).orElse("compressed");
                outcomes.merge(outcome, 1, Integer::sum);
                String measured = "";
                if (compressed.kept().isEmpty()) {
                    String extension = original.type().extension();
                    Path after = work.resolve("after." + extension);
                    write(compressed.content(), after);
                    Path before = work.resolve("before." + extension);
                    Files.copy(file, before, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                    BufferedImage first = upright(before, work.resolve("before-upright.png"));
                    BufferedImage second = upright(after, work.resolve("after-upright.png"));
                    if (first == null || second == null) {
                        boolean lost = first != null;
                        bad += lost ? 1 : 0;
                        measured = lost ? " BAD: unreadable" : " (ImageMagick cannot read the original)";
                    } else if (first.getWidth() != second.getWidth() || first.getHeight() != second.getHeight()) {
                        bad++;
                        measured = " BAD: it lies differently";
                    } else {
                        double similarity = Math.min(first.getWidth(), first.getHeight()) < 11
                                ? Double.NaN
                                : Similarity.of(first, second);
                        double decibels = decibels(first, second);
                        boolean wrong = similarity < LEAST_SIMILARITY || decibels < LEAST_DECIBELS;
                        bad += wrong ? 1 : 0;
                        measured = String.format(
                                Locale.ROOT, " SSIM %.4f PSNR %.1f%s", similarity, decibels, wrong ? " BAD" : "");
                    }
                }
                System.out.println(file + ": " + outcome + ", " + compressed.note() + measured);
            } catch (RuntimeException | Error e) {
                bad++;
                System.out.println(file + ": CRASHED " + e);
            }
        }
        System.out.println(outcomes + ", bad: " + bad);
        System.exit(bad == 0 ? 0 : 1);
    }

    private static void write(Content content, Path file) throws IOException {
        if (content.bytes() != null) {
            Files.write(file, content.bytes());
        } else {
            Files.copy(content.file(), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** @return the picture upright, over grey where it is transparent; null when ImageMagick reads it not */
    private static BufferedImage upright(Path file, Path png) throws Exception {
        Files.deleteIfExists(png);
        Process process = new ProcessBuilder(
                        "convert",
                        file + "[0]",
                        "-auto-orient",
                        "-background",
                        "grey",
                        "-alpha",
                        "remove",
                        "-depth",
                        "8",
                        "PNG24:" + png)
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        return process.waitFor() == 0 && Files.exists(png) ? ImageIO.read(png.toFile()) : null;
    }

    private static double decibels(BufferedImage first, BufferedImage second) {
        double squares = 0;
        for (int y = 0; y < first.getHeight(); y++) {
            for (int x = 0; x < first.getWidth(); x++) {
                for (int shift = 0; shift < 24; shift += 8) {
                    int difference = (first.getRGB(x, y) >> shift & 255) - (second.getRGB(x, y) >> shift & 255);
                    squares += difference * difference;
                }
            }
        }
        return 10 * Math.log10(255 * 255 / (squares / (3.0 * first.getWidth() * first.getHeight())));
    }
}
