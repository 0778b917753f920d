package dev.mediaferry.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Program;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunReport;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Kills a process (-9) before and after every step that leaves a trace, again and again over the same rows, and reconciles
 * database, ledger and bucket in the end. How many kills: system property {@code crash.kills}.
 */
@Tag("slow")
class KilledProcessesTest {

    private static final int ROWS_PER_KILL = 6;

    private static final List<String> STEPS = List.of(
            "open-run.sql",
            "plan-transfers.sql",
            "sql:claim-rows",
            "http:media",
            "aws2-s3:",
            "sql:relink-rows",
            "record-failures.sql",
            "close-run.sql");

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    private final Map<String, String> links = new TreeMap<>();
    private final Random random = new Random(7);

    @Test
    void losesNothingAndDoublesNothingWhereverItIsKilled() throws Exception {
        int kills = Integer.getInteger("crash.kills", 2 * STEPS.size());
        int killed = 0;
        List<String> survived = new ArrayList<>();
        for (int i = 0; i < kills; i++) {
            addRows(i);
            String step = STEPS.get(i / 2 % STEPS.size());
            String when = i % 2 == 0 ? "before" : "after";
            boolean perRow = step.equals("http:media") || step.equals("aws2-s3:");
            int at = perRow ? 1 + random.nextInt(ROWS_PER_KILL - 1) : 1;
            try (Program program = Program.start(options(), KillPoint.at(step, when, at), "migrate")) {
                int code = program.await();
                if (code == KillPoint.KILLED) {
                    killed++;
                } else {
                    survived.add(when + " " + step + " at " + at + ": exit code " + code + " " + program.err());
                }
            }
            reconcile();
        }
        assertThat(survived).isEmpty();
        assertThat(killed).isEqualTo(kills);

        RunReport last = SANDBOX.migrate();
        assertThat(last.adds()).isTrue();
        reconcile();
        assertThat(count("select count(*) from mediaferry.transfer where state in ('claimed', 'waiting')"))
                .isZero();
        assertThat(count("select count(*) from \"Photo\" where url like '%/photos/%'"))
                .isEqualTo(kills * (ROWS_PER_KILL - 1L));
        assertThat(SANDBOX.keys()).hasSize(kills * (ROWS_PER_KILL - 1));
    }

    /** Pictures, and one that is gone, so that there is a failure to write down. */
    private void addRows(int round) {
        for (int i = 0; i < ROWS_PER_KILL; i++) {
            String id = "r%03d-%d".formatted(round, i);
            int seed = round * ROWS_PER_KILL + i;
            String link = i == 0 ? CDN.answering(404) : CDN.serving(Pictures.jpeg(seed));
            links.put(id, link);
            SANDBOX.photo(id, link);
        }
    }

    /** Every row holds its old value, or a new one whose object is there with the recorded hash; no object is nobody's. */
    private void reconcile() throws Exception {
        List<String> keys = SANDBOX.keys();
        List<String> pointedAt = new ArrayList<>();
        for (Map.Entry<String, String> row : links.entrySet()) {
            String url = SANDBOX.url(row.getKey());
            if (!url.equals(row.getValue())) {
                String key = SANDBOX.key(url);
                assertThat(keys).contains(key);
                assertThat(sha256(SANDBOX.object(key)))
                        .isEqualTo(SANDBOX.transfer(row.getKey()).get("sha256"));
                pointedAt.add(key);
            }
        }
        assertThat(pointedAt).doesNotHaveDuplicates();
        List<String> prefixes = SANDBOX.sql()
                .sql("select split_part(object_key, '{', 1) from mediaferry.transfer")
                .query(String.class)
                .list();
        for (String key : keys) {
            assertThat(prefixes.stream().filter(key::startsWith)).as(key).hasSize(1);
        }
        assertThat(count("select count(*) from (select row_key from mediaferry.transfer"
                        + " group by row_key having count(*) > 1) as twice"))
                .isZero();
    }

    private static long count(String query) {
        return SANDBOX.sql().sql(query).query(Long.class).single();
    }

    private static List<String> options() throws Exception {
        String home = "target/test-home/" + SANDBOX.bucketName() + "/killed";
        List<String> options = new ArrayList<>(SANDBOX.options(Path.of(home), Sandbox.REGISTRY, "home", home));
        options.addAll(List.of("--set", KillPoint.ON));
        return options;
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
