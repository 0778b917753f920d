import dev.mediaferry.compress.Compressed;
import dev.mediaferry.format.Compression;
import dev.mediaferry.compress.Compressor;
import dev.mediaferry.content.Content;
import dev.mediaferry.content.MediaKind;
import dev.mediaferry.content.BodyReader;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** IN OUT WORK [WORKERS]: compresses every file of IN as an import would, receiving and hashing included, into OUT. */
public class Compress {

    public static void main(String[] args) throws Exception {
        Path out = Path.of(args[1]);
        Path work = Path.of(args[2]);
        Path spool = Files.createDirectories(work.resolve("spool"));
        int workers = args.length > 3 ? Integer.parseInt(args[3]) : 2;
        Queue<Path> files = new ConcurrentLinkedQueue<>();
        try (var list = Files.list(Path.of(args[0]))) {
            list.sorted().forEach(files::add);
        }
        Compressor compressor = new Compressor(work, spool, 50_000_000);
        BodyReader reception = new BodyReader(spool, Integer.MAX_VALUE, Integer.MAX_VALUE);
        ExecutorService pool = Executors.newFixedThreadPool(workers);
        List<Future<Map<String, Integer>>> results = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            results.add(pool.submit(() -> {
                Map<String, Integer> outcomes = new TreeMap<>();
                for (Path file; (file = files.poll()) != null; ) {
                    outcomes.merge(one(compressor, reception, file, out), 1, Integer::sum);
                }
                return outcomes;
            }));
        }
        Map<String, Integer> all = new TreeMap<>();
        for (Future<Map<String, Integer>> result : results) {
            result.get().forEach((outcome, count) -> all.merge(outcome, count, Integer::sum));
        }
        pool.shutdown();
        System.out.println(all);
    }

    private static String one(Compressor compressor, BodyReader reception, Path file, Path out) throws Exception {
        Content original;
        try (InputStream in = Files.newInputStream(file)) {
            original = reception.receive(in, Files.size(file), EnumSet.allOf(MediaKind.class));
        }
        try (Compressed compressed = compressor.compress(original, Compression.DEFAULT)) {
            Content content = compressed.content();
            Path target = out.resolve(file.getFileName());
            if (content.bytes() != null) {
                Files.write(target, content.bytes());
            } else {
                Files.copy(content.file(), target);
            }
            return compressed.kept().map(kept -> kept.label() + ": " + compressed.note()).orElse("compressed");
        }
    }
}
