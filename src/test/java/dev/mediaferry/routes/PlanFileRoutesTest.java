package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mediaferry.content.MediaKind;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.engine.Services;
import dev.mediaferry.entry.Column;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Plans;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.plan.Outline;
import dev.mediaferry.plan.PlanFile;
import dev.mediaferry.plan.PlanScope;
import dev.mediaferry.planning.PlanReport;
import dev.mediaferry.registry.Field;
import dev.mediaferry.registry.RegistryFile;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A plan is written from what a run would do, and followed where it was made for. */
@Tag("slow")
class PlanFileRoutesTest {

    private static final String REGISTRY =
            """
            hosts: ["127.0.0.1", localhost, "*.example"]
            fields:
              - { table: Photo, column: url, folder: photos }
            """;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    private static final List<String> FIELDS = List.of("Photo.url");

    private static Engine engine;

    @TempDir
    private Path directory;

    @Test
    void keepsLinksOutOfTheFileAndTheFileToItsOwner() throws Exception {
        SANDBOX.photo("1", CDN.picture() + "?sig=c2VjcmV0");
        plan();
        assertThat(Files.readString(file())).doesNotContain("c2VjcmV0").doesNotContain("medium");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(file().getParent())) {
            assertThat(files.map(path -> path.getFileName().toString())).noneMatch(name -> name.contains(".part"));
        }
    }

    @Test
    void asksTheHostsForSizesOnlyWhenThatIsWanted() throws Exception {
        byte[] body = Pictures.jpeg(1);
        String told = CDN.link((exchange, request) -> {
            assertThat(exchange.getRequestMethod()).isEqualTo("HEAD");
            exchange.getResponseHeaders().set("Content-Length", "" + body.length);
            exchange.sendResponseHeaders(200, -1);
        });
        String hop = CDN.answering(302, "Location", told);
        String denied = CDN.answering(302, "Location", told.replace("127.0.0.1", "localhost"));
        SANDBOX.photo("1", told);
        SANDBOX.photo("2", hop);
        SANDBOX.photo("3", denied);
        SANDBOX.photo("4", CDN.answering(404));
        SANDBOX.photo("5", "http://localhost/a.jpg");

        JsonNode report = plan(true);

        JsonNode sizes = report.path("sizes");
        assertThat(sizes.path("told").asInt()).isEqualTo(2);
        assertThat(sizes.path("bytes").asInt()).isEqualTo(2 * body.length);
        assertThat(sizes.path("untold").path("HTTP 404").asInt()).isEqualTo(1);
        assertThat(sizes.path("untold").path("address-refused").asInt()).isEqualTo(1);
        assertThat(Plans.blockers(report))
                .containsExactly("address-refused 2 localhost is named in mediaferry.fetch.deny-hosts");
        assertThat(Plans.lines(file()).get(1).path("bytes").asInt()).isEqualTo(body.length);
        assertThat(Plans.lines(file()).get(4).has("bytes")).isFalse();
        assertThat(CDN.requests(told)).isEqualTo(2);
    }

    @Test
    void asksABusyHostForNoMoreSizes() {
        String busy = CDN.answering(429);
        for (int i = 0; i < 200; i++) {
            SANDBOX.photo("" + i, busy + "?" + i);
        }
        JsonNode untold = plan(true).path("sizes").path("untold");
        int asked = untold.path("HTTP 429").asInt();
        assertThat(asked).isEqualTo(CDN.requests()).isBetween(1, 32);
        assertThat(untold.path("host-paused").asInt()).isEqualTo(200 - asked);
    }

    @Test
    void claimsNothingThatWaitsInTheQueueBesideThePlan() throws Exception {
        SANDBOX.photo("planned", CDN.picture());
        plan();
        String waiting = CDN.picture();
        SANDBOX.photo("waiting", waiting);
        SANDBOX.sql()
                .sql("insert into mediaferry.transfer (entry, row_key, source, host, state, object_key)"
                        + " values ('Photo.url', 'waiting', ?, '127.0.0.1', 'waiting', 'photos/waiting/x.{ext}')")
                .param(waiting)
                .update();

        JsonNode report = follow();

        assertThat(report.path("migrated").asInt()).isEqualTo(1);
        assertThat(Plans.drift(report)).isEqualTo(Map.of("new", 1L));
        assertThat(SANDBOX.outcome("waiting")).isEqualTo("waiting");
        assertThat(CDN.requests(waiting)).isZero();
    }

    @Test
    void takesPlannedRowsThatWaitFromAnEarlierRunAndTriesThemAgain() throws Exception {
        String link =
                CDN.link((exchange, request) -> UnrulyCdn.send(exchange, request <= 4 ? 500 : 200, Pictures.jpeg(1)));
        SANDBOX.photo("1", link);
        SANDBOX.migrate();
        SANDBOX.execute("update mediaferry.transfer set due = now()");
        plan();
        JsonNode report = follow();
        assertThat(report.path("migrated").asInt()).isEqualTo(1);
        assertThat(report.path("found").asInt()).isEqualTo(1);
        assertThat(Plans.drift(report)).isEmpty();
    }

    /** The page is read before the ledger takes it in; when that fails, the whole page has to come again. */
    @Test
    void leavesNoPageOutWhenTheLedgerFailsInTheMiddleOfOne() {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.photo("2", CDN.picture());
        SANDBOX.photo("gone", CDN.picture());
        plan();
        SANDBOX.execute("delete from \"Photo\" where id = 'gone'");
        PlanFile plan = PlanFile.open(file());
        RunReport report = SANDBOX.whileTheLedgerFailsOnce(
                () -> engine().migrate(RunOptions.following(plan, false, OptionalInt.empty())));
        assertThat(report.migrated()).isEqualTo(2);
        assertThat(report.drift().counts()).isEqualTo(Map.of("gone", 1L));
    }

    @Test
    void leavesOutOfThePlanWhatTheLedgerHoldsBack() throws Exception {
        SANDBOX.photo("dead", CDN.answering(404));
        SANDBOX.photo("later", CDN.answering(500));
        SANDBOX.migrate();
        SANDBOX.photo("free", CDN.picture());
        JsonNode report = plan();
        assertThat(report.path("rows").asInt()).isEqualTo(1);
        assertThat(Plans.lines(file()).get(1).path("id").asText()).isEqualTo("free");
    }

    @Test
    void saysThatEverythingIsDoneWhenAPlanIsFollowedTwice() throws Exception {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.photo("2", CDN.picture());
        plan();
        assertThat(follow().path("migrated").asInt()).isEqualTo(2);
        JsonNode again = follow();
        assertThat(again.path("migrated").asInt()).isZero();
        assertThat(Plans.drift(again)).isEqualTo(Map.of("migrated", 2L));
    }

    @Test
    void tellsOfDriftInADryRunAndChangesNothing() throws Exception {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.photo("2", CDN.picture());
        plan();
        SANDBOX.execute("delete from \"Photo\" where id = '2'");
        JsonNode report = followDry();
        assertThat(report.path("found").asInt()).isEqualTo(1);
        assertThat(Plans.drift(report)).isEqualTo(Map.of("gone", 1L));
        assertThat(SANDBOX.transfers()).isZero();
    }

    @Test
    void followsPlansOfMoreThanOnePage() throws Exception {
        int rows = 5003;
        SANDBOX.sql()
                .sql("insert into \"Photo\" select 'id' || n, ? || n from generate_series(1, ?) n")
                .params("http://127.0.0.1/x?n=", rows)
                .update();
        assertThat(plan().path("rows").asInt()).isEqualTo(rows);
        SANDBOX.execute("update \"Photo\" set url = url || '&new' where id in ('id1', 'id5003')");
        JsonNode report = followDry();
        assertThat(report.path("found").asInt()).isEqualTo(rows - 2);
        assertThat(report.path("skipped").path("empty").asInt()).isZero();
        assertThat(Plans.drift(report)).isEqualTo(Map.of("changed", 2L));
    }

    @Test
    void refusesAPlanForSomethingElse() {
        SANDBOX.photo("1", CDN.picture());
        plan();
        PlanFile plan = PlanFile.open(file());
        SANDBOX.execute("create table if not exists \"Other\" (id text primary key, url text)");
        refused(plan, scope(REGISTRY.replace("photos", "elsewhere")), "the registry's entry of Photo.url has changed");
        refused(
                plan,
                scope(REGISTRY.replace("localhost", "other.test")),
                "the registry's entry of Photo.url has changed");
        refused(plan, scope(REGISTRY.replace("table: Photo", "table: Other")), "the registry has no field Photo.url");
        refused(plan, scope(REGISTRY, "storage.public-url", "https://m.example"), "it was made for another bucket: ");
        plan.check(scope(REGISTRY.replace("folder: photos", "folder: photos, batch: 7")));
        SANDBOX.execute("update mediaferry.schema_history set installed_on = installed_on - interval '1 day'");
        refused(plan, scope(REGISTRY), "it was made for another database: ");
    }

    /** The order of the JDK's immutable sets differs from process to process. */
    @Test
    void followsAPlanWhateverOrderTheTypesOfAFieldHave() {
        assertThat(scope(MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.SVG))
                .isEqualTo(scope(MediaKind.SVG, MediaKind.VIDEO, MediaKind.IMAGE))
                .isNotEqualTo(scope(MediaKind.IMAGE, MediaKind.VIDEO));
        assertThat(MediaKind.DEFAULT).containsExactly(MediaKind.IMAGE, MediaKind.VIDEO);
    }

    private static PlanScope scope(MediaKind... types) {
        try (Services services = Services.open(SANDBOX.settings())) {
            Column column = services.entries(RegistryFile.parse("registry.yaml", REGISTRY))
                    .columns()
                    .get(0);
            Field field = column.field();
            Field other = new Field(
                    field.line(),
                    field.schema(),
                    field.table(),
                    field.column(),
                    field.folder(),
                    field.id(),
                    field.batch(),
                    field.hosts(),
                    field.key(),
                    field.resolve(),
                    field.bucket(),
                    new LinkedHashSet<>(List.of(types)),
                    field.deadlines(),
                    field.created(),
                    field.asMedia(),
                    field.derivation());
            return PlanScope.of(
                    services.database(),
                    services.storage(),
                    List.of(new Column(
                            other,
                            column.schema(),
                            column.idType(),
                            column.maxLength(),
                            column.traits(),
                            column.made())));
        }
    }

    private static void refused(PlanFile plan, PlanScope here, String why) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> plan.check(here))
                .withMessageContaining(why);
    }

    private static PlanScope scope(String registry, String... keyValues) {
        try (Services services = Services.open(SANDBOX.settings(keyValues))) {
            return PlanScope.of(
                    services.database(),
                    services.storage(),
                    services.entries(RegistryFile.parse("registry.yaml", registry))
                            .columns());
        }
    }

    private JsonNode plan() {
        return plan(false);
    }

    private JsonNode plan(boolean sizes) {
        try (Outline outline = new Outline(Optional.of(file()), sizes, FIELDS)) {
            PlanReport report =
                    PlanReport.of(outline, List.of(), engine().migrate(RunOptions.outlining(FIELDS, outline)));
            assertThat(outline.finish(engine().plans().scope(FIELDS), report)).isPresent();
            return new ObjectMapper().valueToTree(report);
        }
    }

    private JsonNode follow() {
        return migrate(engine(), false);
    }

    private JsonNode followDry() {
        return migrate(engine(), true);
    }

    private JsonNode migrate(Engine here, boolean dryRun) {
        PlanFile plan = PlanFile.open(file());
        plan.check(here.plans().scope(plan.fields()));
        RunReport report = here.migrate(RunOptions.following(plan, dryRun, OptionalInt.empty()));
        assertThat(report.failed()).isFalse();
        return new ObjectMapper().valueToTree(report);
    }

    private static Engine engine() {
        if (engine == null) {
            engine = SANDBOX.keep(SANDBOX.engine(
                    REGISTRY,
                    "fetch.allow-private",
                    CDN.authority() + "," + CDN.authority().replace("127.0.0.1", "localhost"),
                    "fetch.deny-hosts",
                    "localhost"));
        }
        return engine;
    }

    private Path file() {
        return directory.resolve("plan.jsonl");
    }
}
