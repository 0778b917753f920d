package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mediaferry.entry.Catalog;
import dev.mediaferry.entry.Column;
import dev.mediaferry.fixture.Plans;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.registry.RegistryFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a run would do is written down, and then done exactly so. */
@Tag("slow")
class PlanCommandTest {

    private static final String REGISTRY =
            """
            hosts: ["127.0.0.1", localhost, "*.example"]
            fields:
              - { table: Photo, column: url, folder: photos }
            """;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @RegisterExtension
    final CapturedOutput output = new CapturedOutput();

    @TempDir
    private Path directory;

    @Test
    void carriesNothingOfWhatOtherProcessesDispatch() throws Exception {
        Path waiting = Files.writeString(
                Files.createDirectory(directory.resolve("queue")).resolve("one"), "1");
        List<String> line = new ArrayList<>(List.of(
                "plan",
                "--set",
                "mediaferry.dispatch.endpoint=file:" + waiting.getParent() + "?delete=true&initialDelay=0&delay=10"));
        line.addAll(SANDBOX.options(directory, REGISTRY));
        assertThat(MediaferryCommand.execute(line.toArray(String[]::new))).isZero();
        assertThat(waiting).exists();
    }

    @Test
    void writesDownWhatARunWouldDoAndChangesNothing() throws Exception {
        Instant soon = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS);
        String link = UnrulyCdn.until(CDN.picture(), soon);
        SANDBOX.photo("2", link);
        SANDBOX.photo("1", UnrulyCdn.until(CDN.picture(), soon.minusSeconds(7200)));
        SANDBOX.photo("3", "https://cdn.example:8443/a.jpg");
        SANDBOX.photo("4", "https://elsewhere.test/a.jpg");

        JsonNode report = plan();

        assertThat(report.path("rows").asInt()).isEqualTo(3);
        assertThat(report.path("digest").asText()).matches("sha256:[0-9a-f]{64}");
        assertThat(report.path("run")
                        .path("fields")
                        .path(0)
                        .path("hosts")
                        .path("127.0.0.1")
                        .asInt())
                .isEqualTo(2);
        assertThat(Plans.blockers(report))
                .containsExactlyInAnyOrder(
                        "expired 1 past their own date",
                        "address-refused 1 port 8443 of cdn.example is not 80 or 443; add cdn.example:8443 to "
                                + "mediaferry.fetch.allow-private to allow it");
        List<JsonNode> lines = Plans.lines(file());
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0).path("rows").path("Photo.url").asInt()).isEqualTo(3);
        assertThat(lines.get(0).path("summary").path("blockers")).hasSize(2);
        assertThat(lines.subList(1, 4))
                .extracting(row -> row.path("id").asText())
                .containsExactly("1", "2", "3");
        assertThat(lines.get(2))
                .isEqualTo(new ObjectMapper()
                        .valueToTree(new TreeMap<>(Map.of(
                                "field", "Photo.url",
                                "id", "2",
                                "host", "127.0.0.1",
                                "deadline", soon.toString(),
                                "sha256", sha256(link)))));
        assertThat(CDN.requests()).isZero();
        assertThat(SANDBOX.keys()).isEmpty();
        assertThat(SANDBOX.transfers()).isZero();
    }

    @Test
    void printsTheIndexThatMakesTheSearchOfALargeColumnQuickAndNoticesIt() throws Exception {
        long rows = Long.getLong("large.rows", 120_000);
        SANDBOX.sql()
                .sql(
                        "insert into \"Photo\" select 'row' || i, case when i % 10000 = 0 then 'https://cdn.example/' || i || '.jpg'"
                                + " else 'https://elsewhere.test/' || md5(i::text) || '.jpg' end from generate_series(1, ?) i")
                .param(rows)
                .update();
        SANDBOX.execute("analyze \"Photo\"");
        JsonNode missing = plan().path("indexes").path(0);
        assertThat(missing.path("rows").asLong()).isEqualTo(rows);
        assertThat(missing.has("index")).isFalse();
        String create = missing.path("create").asText();
        assertThat(create)
                .startsWith(
                        "create index concurrently on \"public\".\"Photo\" (\"id\") where \"url\" ilike any (array[E'%");
        SANDBOX.execute(create);

        JsonNode there = plan().path("indexes").path(0);
        assertThat(there.path("index").asText()).isEqualTo("Photo_id_idx");
        assertThat(there.has("create")).isFalse();
        Column column = Catalog.resolve(
                        RegistryFile.parse("registry.yaml", REGISTRY).fields(), SANDBOX.sql())
                .get(0);
        for (boolean first : List.of(true, false)) {
            List<String> explained = SANDBOX.sql()
                    .sql("explain " + column.queries().scanSql(first).replace(":#", ":"))
                    .params(Map.of("after", "row1", "ours", new String[] {"https://cdn.example.com/%"}))
                    .query(String.class)
                    .list();
            assertThat(explained).anyMatch(line -> line.contains("\"Photo_id_idx\""));
        }
        SANDBOX.execute("drop index \"Photo_id_idx\"");
    }

    @Test
    void movesExactlyThePlannedRowsAndSaysWhatIsNoLongerAsPlanned() throws Exception {
        for (String id : List.of("same", "changed", "emptied", "gone", "moved", "dead")) {
            SANDBOX.photo(id, CDN.picture());
        }
        plan();
        String fresh = CDN.picture();
        SANDBOX.photo("new", fresh);
        String other = CDN.picture();
        SANDBOX.sql()
                .sql("update \"Photo\" set url = ? where id = 'changed'")
                .param(other)
                .update();
        SANDBOX.execute(
                "update \"Photo\" set url = null where id = 'emptied'",
                "delete from \"Photo\" where id = 'gone'",
                "update \"Photo\" set url = '" + SANDBOX.settings().text("storage.endpoint") + "/"
                        + SANDBOX.bucketName() + "/photos/x.jpg' where id = 'moved'",
                "insert into mediaferry.transfer (entry, row_key, source, host, state, object_key)"
                        + " select 'Photo.url', id, url, '127.0.0.1', 'dead', 'photos/x' from \"Photo\" where id = 'dead'");

        JsonNode report = execute(1, "migrate", "--plan", file().toString());

        assertThat(report.path("migrated").asInt()).isEqualTo(1);
        assertThat(report.path("found").asInt()).isEqualTo(1);
        assertThat(Plans.drift(report))
                .isEqualTo(Map.of("changed", 2L, "gone", 1L, "migrated", 1L, "dead", 1L, "new", 1L));
        assertThat(report.path("drift").path("planned").asInt()).isEqualTo(6);
        assertThat(report.path("drift").path("rows")).hasSize(4);
        assertThat(SANDBOX.url("same")).contains("/photos/");
        assertThat(SANDBOX.url("new")).isEqualTo(fresh);
        assertThat(SANDBOX.url("changed")).isEqualTo(other);
        assertThat(SANDBOX.keys()).hasSize(1);
    }

    @Test
    void refusesAPlanThatWasChangedCutOrIsNone() throws Exception {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.photo("2", CDN.picture());
        plan();
        String plan = Files.readString(file());
        List<String> broken = List.of(
                plan.replace("\"id\":\"1\"", "\"id\":\"3\""),
                plan.replace("\"rows\":{\"Photo.url\":2}", "\"rows\":{\"Photo.url\":1}"),
                plan.substring(0, plan.indexOf("\n") + 1),
                plan.substring(0, plan.length() - 1),
                plan + "\n",
                plan + plan.lines().skip(1).findFirst().orElseThrow() + "\n",
                plan.replaceFirst("\"format\":1", "\"format\":2"),
                "",
                "{}\n",
                "no plan\n");
        for (String text : broken) {
            assertThat(text).isNotEqualTo(plan);
            Files.writeString(file(), text);
            refused("--plan: " + file() + " is no plan to follow");
        }
        Files.delete(file());
        refused("--plan: cannot read " + file());
        assertThat(SANDBOX.transfers()).isZero();
    }

    @Test
    void takesNothingBesideAPlanThatWouldChangeWhatItSays() throws Exception {
        for (String[] more : new String[][] {{"Photo.url"}, {"--limit", "1"}, {"--force"}}) {
            List<String> line = new ArrayList<>(List.of("migrate", "--plan", file().toString()));
            line.addAll(List.of(more));
            output.reset();
            assertThat(MediaferryCommand.execute(line(REGISTRY, line.toArray(String[]::new))))
                    .isEqualTo(2);
            assertThat(output.err()).contains("it goes with neither FIELD, --limit nor --force");
        }
    }

    @Test
    void speaksToAPerson() throws Exception {
        SANDBOX.photo("1", UnrulyCdn.until(CDN.picture(), Instant.now().minusSeconds(60)));
        SANDBOX.photo("2", CDN.picture());
        assertThat(MediaferryCommand.execute(line(REGISTRY, "plan", "--out", file().toString())))
                .isZero();
        assertThat(output.out())
                .contains("Dry run: 1 rows would be moved")
                .contains("past their own date")
                .contains("2 rows in " + file() + ", sha256:")
                .contains("mediaferry migrate --plan " + file());
        output.reset();
        SANDBOX.execute("delete from \"Photo\" where id = '2'");
        assertThat(MediaferryCommand.execute(line(REGISTRY, "migrate", "--plan", file().toString())))
                .isEqualTo(1);
        assertThat(output.out())
                .contains("Plan of 2 rows: no longer so: gone 1")
                .contains("gone Photo.url:2");
    }

    @Test
    void saysWhenThePlanCannotBeWritten() throws Exception {
        String nowhere = directory.resolve("no/such/plan.jsonl").toString();
        assertThat(MediaferryCommand.execute(line(REGISTRY, "plan", "--out", nowhere)))
                .isEqualTo(2);
        assertThat(output.err()).contains("--out: cannot write the plan to " + nowhere);
    }

    private JsonNode plan() throws Exception {
        return execute(0, "plan", "--out", file().toString());
    }

    private JsonNode execute(int exitCode, String... options) throws Exception {
        output.reset();
        List<String> more = new ArrayList<>(List.of(options));
        more.add("--json");
        assertThat(MediaferryCommand.execute(line(REGISTRY, more.toArray(String[]::new))))
                .as(output.err() + output.out())
                .isEqualTo(exitCode);
        return new ObjectMapper().readTree(output.out());
    }

    private void refused(String message) throws Exception {
        refused(message, REGISTRY);
    }

    private void refused(String message, String registry, String... more) throws Exception {
        List<String> options = new ArrayList<>(List.of("migrate", "--plan", file().toString()));
        options.addAll(List.of(more));
        output.reset();
        assertThat(MediaferryCommand.execute(line(registry, options.toArray(String[]::new))))
                .as(output.err() + output.out())
                .isEqualTo(2);
        assertThat(output.err()).contains(message);
    }

    private String[] line(String registry, String... options) throws Exception {
        List<String> line = new ArrayList<>(List.of(options));
        line.addAll(SANDBOX.options(
                directory,
                registry,
                "fetch.allow-private",
                CDN.authority() + "," + CDN.authority().replace("127.0.0.1", "localhost"),
                "fetch.deny-hosts",
                "localhost"));
        return line.toArray(String[]::new);
    }

    private Path file() {
        return directory.resolve("plan.jsonl");
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
