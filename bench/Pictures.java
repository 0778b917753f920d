import dev.mediaferry.content.MediaKind;
import dev.mediaferry.content.MediaType;
import dev.mediaferry.derivatives.DerivativeSettings;
import dev.mediaferry.derivatives.PictureFacts;
import dev.mediaferry.derivatives.PictureJobs;
import dev.mediaferry.derivatives.PictureRenderer;
import dev.mediaferry.format.NotCompressible;
import dev.mediaferry.raster.Codecs;
import dev.mediaferry.registry.Derivation;
import dev.mediaferry.registry.RegistryFile;
import dev.mediaferry.video.FilmException;
import dev.mediaferry.video.HeifTools;
import dev.mediaferry.video.VideoSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * WORK OUT DIR...: 1200 and 300 px as JPEG and WebP of every picture below the directories, into OUT as NUMBER-SIZE.EXT. Prints a line for
 * each: number, type, ms, what became of it, path. A line that begins and does not end is the picture that has ended the process.
 */
public class Pictures {

    private static final Derivation SAYS = RegistryFile.parse("bench", """
            derivatives: [ { name: pictures, thumbnails: [300, 1200], formats: [jpg, webp] } ]
            uploads: [ { type: PICTURE, folder: p, content: [image/jpeg], max-bytes: 1GB, derivatives: pictures } ]
            """).derivations().get(0);

    private final PictureRenderer renderer =
            new PictureRenderer(new DerivativeSettings(1, 0, 512_000_000, 100_000_000, 50_000_000, 1, 85, 80));
    private final HeifTools heif;
    private final Path out;

    private Pictures(Path work, Path out) {
        this.heif = new HeifTools(Optional.empty(), new VideoSettings(
                Optional.empty(), System.getenv("PATH"), Duration.ofMinutes(5), 4_000_000_000L, 4_000_000_000L), work);
        this.out = out;
    }

    public static void main(String[] args) throws Exception {
        Path work = Path.of(args[0]);
        Codecs.prepare(work);
        Pictures pictures = new Pictures(work, Path.of(args[1]));
        int number = 0;
        for (String directory : Arrays.asList(args).subList(2, args.length)) {
            List<Path> files;
            try (Stream<Path> walk = Files.walk(Path.of(directory))) {
                files = walk.filter(Files::isRegularFile).sorted().toList();
            }
            for (Path file : files) {
                byte[] head = head(file);
                Optional<MediaType> type = MediaType.of(head);
                if (type.flatMap(MediaType::kind).filter(kind -> kind == MediaKind.IMAGE).isPresent()) {
                    System.out.print(++number + "\t" + type.get().extension() + "\t");
                    System.out.flush();
                    long start = System.nanoTime();
                    String outcome = pictures.outcome(number, type.get().extension(), Files.readAllBytes(file));
                    System.out.println((System.nanoTime() - start) / 1_000_000 + "\t" + outcome.replaceAll("\\s+", " ") + "\t" + file);
                }
            }
        }
        System.out.println("done");
    }

    private static byte[] head(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(MediaType.HEAD_LENGTH);
        }
    }

    /** What the service does with a refusal: the job fails, or the derivative is unavailable. Anything else is a fault. */
    private String outcome(int number, String type, byte[] bytes) {
        try {
            PictureRenderer.Size size = HeifTools.TYPES.contains(type)
                    ? render(number, heif.decode(bytes), 1)
                    : render(number, new HeifTools.Decoded(type, bytes), PictureFacts.of(bytes).orientation());
            return "made " + size.width() + "x" + size.height();
        } catch (NotCompressible | FilmException e) {
            return "refused: " + e.getMessage();
        } catch (Throwable e) {
            return "FAULT " + e;
        }
    }

    private PictureRenderer.Size render(int number, HeifTools.Decoded picture, int orientation) throws NotCompressible {
        return renderer.render(picture.extension(), picture.file(), orientation, SAYS, PictureJobs.slots(SAYS), made -> {
            try {
                Files.write(out.resolve(number + "-" + made.slot().size() + "." + made.slot().format()), made.bytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
