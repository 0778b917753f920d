package dev.mediaferry.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.LocalCache;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process (-9) that archives a cache, before and after the steps that leave a trace, and starts it again over what
 * was left. Half as many kills as {@link KilledProcessesTest}.
 */
@Tag("slow")
class KilledArchivesTest {

    private static final int ROWS_PER_KILL = 6;

    private static final List<String> STEPS = List.of(
            "sql:read-archive",
            "plan-transfers.sql",
            "sql:claim-rows",
            "direct:fetch-file",
            "aws2-s3:",
            "sql:relink-rows",
            "record-failures.sql",
            "close-run.sql");

    private static final Set<String> PER_ROW = Set.of("direct:fetch-file", "aws2-s3:");

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @TempDir
    private Path directory;

    private final Random random = new Random(7);
    private final List<Long> archivable = new ArrayList<>();
    private LocalCache cache;

    @Test
    void archivesEveryRowOnceWhereverItIsKilled() throws Exception {
        cache = new LocalCache(directory.resolve("cache"), SANDBOX);
        SANDBOX.execute(LocalCache.TABLE);
        int kills = Integer.getInteger("crash.kills", 2 * STEPS.size()) / 2;
        for (int i = 0; i < kills; i++) {
            addRows(i);
            String step = STEPS.get(i % STEPS.size());
            String when = (i + i / STEPS.size()) % 2 == 0 ? "before" : "after";
            int at = PER_ROW.contains(step) ? 1 + random.nextInt(ROWS_PER_KILL - 1) : 1;
            assertThat(run(KillPoint.at(step, when, at), "archive", "--set", KillPoint.ON))
                    .as("killed %s %s at %d", when, step, at)
                    .isEqualTo(KillPoint.KILLED);
            reconcile();
        }
        run(List.of(), "archive");
        assertThat(reconcile()).isEqualTo(archivable.size());
        assertThat(SANDBOX.keys()).hasSize(archivable.size());
        assertThat(count("select count(*) from mediaferry.transfer where state = 'linked'"))
                .isEqualTo(archivable.size());
        assertThat(count("select count(*) from mediaferry.transfer where state = 'dead' and failure = 'missing-file'"))
                .isEqualTo(kills);
        assertThat(SANDBOX.transfers()).isEqualTo(kills * (long) ROWS_PER_KILL);
        SANDBOX.ageObjects();
        assertThat(run(List.of(), "verify", "--deep")).isZero();
    }

    /** Pictures, and one whose file is missing, so that there is a failure to write down. */
    private void addRows(int round) throws Exception {
        for (int i = 0; i < ROWS_PER_KILL; i++) {
            int seed = round * ROWS_PER_KILL + i;
            byte[] bytes = Pictures.jpeg(seed);
            String name = "images/" + seed + ".jpg";
            if (i > 0) {
                cache.file(name, bytes);
                archivable.add((long) seed);
            }
            cache.row(seed, "image", name, LocalCache.md5(bytes), "image/jpeg");
        }
    }

    /**
     * Every row has no address, or that of an object with the bytes of its file; no object is nobody's.
     *
     * @return rows with an address
     */
    private int reconcile() {
        Set<String> keys = new HashSet<>(SANDBOX.keys());
        int archived = 0;
        for (long row : archivable) {
            String target = cache.target(row);
            if (target != null) {
                String key = SANDBOX.key(target);
                assertThat(keys).contains(key);
                assertThat(SANDBOX.object(key)).isEqualTo(Pictures.jpeg((int) row));
                archived++;
            }
        }
        List<String> owned = SANDBOX.sql()
                .sql("select split_part(object_key, '{', 1) from mediaferry.transfer")
                .query(String.class)
                .list();
        for (String key : keys) {
            assertThat(owned.stream().filter(key::startsWith)).as(key).hasSize(1);
        }
        return archived;
    }

    private int run(List<String> java, String... command) throws Exception {
        List<String> options = SANDBOX.options(
                directory,
                "archives: [{ name: posts, table: post_media, id: media_id, dir: \"" + cache.dir() + "\" }]\n",
                "home",
                directory.resolve("home").toString());
        try (Program program = Program.start(options, java, command)) {
            return program.await();
        }
    }

    private static long count(String query) {
        return SANDBOX.sql().sql(query).query(Long.class).single();
    }
}
