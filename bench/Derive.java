import dev.mediaferry.content.MediaType;
import dev.mediaferry.derivatives.DerivativeSettings;
import dev.mediaferry.derivatives.PictureRenderer;
import dev.mediaferry.derivatives.PictureFacts;
import dev.mediaferry.derivatives.PictureJobs;
import dev.mediaferry.raster.Codecs;
import dev.mediaferry.registry.Derivation;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.registry.RegistryFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** IN OUT WORK [WORKERS]: 1200, 600, 300 and 150 px of every file of IN into OUT, as $BENCH_FORMATS. Prints job_s, the time without start. */
public class Derive {

    public static void main(String[] args) throws Exception {
        Path out = Path.of(args[1]);
        int workers = args.length > 3 ? Integer.parseInt(args[3]) : 2;
        String formats = System.getenv().getOrDefault("BENCH_FORMATS", "jpg").replace(' ', ',');
        Registry registry = RegistryFile.parse("bench", """
                derivatives: [ { name: pictures, thumbnails: [150, 300, 600, 1200], formats: [%s] } ]
                uploads: [ { type: PICTURE, folder: p, content: [image/jpeg], max-bytes: 1GB, derivatives: pictures } ]
                """.formatted(formats));
        Derivation says = registry.derivations().get(0);
        Codecs.prepare(Path.of(args[2]));
        PictureRenderer renderer =
                new PictureRenderer(new DerivativeSettings(workers, 0, 512_000_000, 100_000_000, 200_000_000, 1, 85, 80));
        Queue<Path> files = new ConcurrentLinkedQueue<>();
        try (var list = Files.list(Path.of(args[0]))) {
            list.sorted().forEach(files::add);
        }
        // What is loaded once belongs to the start.
        one(renderer, says, files.peek(), null);
        long start = System.nanoTime();
        ExecutorService pool = Executors.newFixedThreadPool(workers);
        List<Future<?>> results = IntStream.range(0, workers)
                .<Future<?>>mapToObj(i -> pool.submit(() -> {
                    for (Path file; (file = files.poll()) != null; ) {
                        one(renderer, says, file, out);
                    }
                    return null;
                }))
                .toList();
        for (Future<?> result : results) {
            result.get();
        }
        System.out.printf("job_s=%.3f%n", (System.nanoTime() - start) / 1e9);
        pool.shutdown();
    }

    private static void one(PictureRenderer renderer, Derivation says, Path file, Path out) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        String name = file.getFileName().toString().replaceAll("\\.[^.]*$", "");
        String type = MediaType.of(Arrays.copyOf(bytes, MediaType.HEAD_LENGTH)).orElseThrow().extension();
        renderer.render(type, bytes, PictureFacts.of(bytes).orientation(), says, PictureJobs.slots(says), rendered -> {
            if (out != null) {
                try {
                    Files.write(
                            out.resolve(name + "-" + rendered.slot().size() + "." + rendered.slot().format()), rendered.bytes());
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        });
    }
}
