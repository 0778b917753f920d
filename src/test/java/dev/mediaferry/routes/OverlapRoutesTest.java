package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.entry.ArchiveQueries;
import dev.mediaferry.entry.ColumnQueries;
import dev.mediaferry.fixture.LocalCache;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.imports.ImportOptions;
import dev.mediaferry.imports.ImportReport;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Rows are claimed while others are still planned, and when not. */
@Tag("slow")
class OverlapRoutesTest {

    /** Three pages. */
    private static final int ROWS = 2 * ArchiveQueries.SCAN_PAGE + 1;

    /** Two pages of an import. */
    private static final int FILES = 5001;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @TempDir
    private static Path parent;

    private static LocalCache cache;
    private static Engine engine;

    @BeforeAll
    static void start() {
        cache = new LocalCache(parent.resolve("cache"), SANDBOX);
        // How many transfers the ledger had when the first was claimed.
        SANDBOX.execute(
                LocalCache.TABLE,
                "create table imported (id uuid primary key, object_key text, first boolean)",
                "create table first_claim (queued bigint, one boolean primary key default true)",
                """
                create function note_first_claim() returns trigger language plpgsql as $$ begin
                  if not exists (table public.first_claim) then
                    insert into public.first_claim select count(*) from mediaferry.transfer on conflict do nothing;
                  end if;
                  return null;
                end $$""");
        engine = SANDBOX.engine(Sandbox.REGISTRY
                + """
                archives: [{ name: posts, table: post_media, id: media_id, dir: "%s" }]
                imports:
                  - name: videos
                    categories:
                      - name: all
                        path: "{name}"
                        folder: imported
                        key: "{name}.{ext}"
                        record: { table: imported, columns: { id: "{uuid}", object_key: "{key}" } }
                  - name: groups
                    categories:
                      - name: all
                        path: "{group}/{name}"
                        folder: imported
                        key: "{group}/{name}.{ext}"
                        record:
                          table: imported
                          columns: { id: "{uuid}", object_key: "{key}", first: "first of {group}" }
                """
                        .formatted(cache.dir()));
        SANDBOX.execute("create trigger note_first_claim after update of state on mediaferry.transfer"
                + " for each row when (new.state = 'claimed') execute function public.note_first_claim()");
    }

    @BeforeEach
    void forget() {
        SANDBOX.execute("truncate first_claim");
    }

    @Test
    void archivesTheFirstFilesBeforeTheTableIsRead() throws Exception {
        rows(1, ROWS);
        RunReport report = archive(OptionalLong.empty());

        assertThat(firstClaim()).isBetween((long) ArchiveQueries.SCAN_PAGE, ROWS - 1L);
        assertOutcome(report);
    }

    @Test
    void readsTheWholeTableFirstWhenAnEarlierRunHasLeftRows() throws Exception {
        rows(1, 2);
        assertThat(archive(OptionalLong.of(1)).found()).isEqualTo(1);
        assertThat(firstClaim()).isEqualTo(2);
        forget();
        rows(3, ROWS);
        RunReport report = archive(OptionalLong.empty());

        assertThat(firstClaim()).isEqualTo(ROWS);
        assertThat(report.found()).isEqualTo(ROWS - 1);
        assertThat(cache.target(ROWS)).startsWith("s3://");
    }

    @Test
    void takesNoMoreThanTheLimit() throws Exception {
        rows(1, ROWS);
        assertThat(archive(OptionalLong.of(3)).found()).isEqualTo(3);
        assertThat(SANDBOX.sql()
                        .sql("select state, count(*) from mediaferry.transfer group by 1")
                        .query((rs, row) -> Map.entry(rs.getString(1), rs.getLong(2)))
                        .list())
                .containsExactlyInAnyOrder(
                        Map.entry("waiting", ROWS - 3L), Map.entry("linked", 1L), Map.entry("dead", 2L));
    }

    @Test
    void importsTheFirstFilesBeforeAllAreQueued() throws Exception {
        assertThat(imported("videos", "")).isEqualTo(50);
        assertThat(firstClaim()).isEqualTo(FILES - 1);
    }

    @Test
    void queuesAllFilesFirstWhenOneOfThemIsTheFirstOfItsGroup() throws Exception {
        assertThat(imported("groups", "g/")).isEqualTo(50);
        assertThat(firstClaim()).isEqualTo(FILES);
    }

    @Test
    void movesTheFirstLinksBeforeTheColumnIsRead() {
        links();
        RunReport report = migrate(OptionalLong.empty());

        assertThat(firstClaim()).isEqualTo(2);
        assertThat(report.migrated()).isEqualTo(3);
        assertThat(report.skipped()).containsEntry("foreign", ColumnQueries.SCAN_PAGE - 2L);
        assertThat(report.adds()).isTrue();
    }

    /** The last page is not queued before its only link is under way, and that does not end before the page is counted. */
    @Test
    void countsALinkOnceThatAnotherProcessPlannedAndThisOneClaimedBeforeItsPage() {
        // Only a host that has answered gets more than a handful.
        SANDBOX.photo("a0", SANDBOX.cdn().picture());
        assertThat(migrate(OptionalLong.empty()).migrated()).isEqualTo(1);
        links();
        SANDBOX.execute(
                """
                create function interfere() returns trigger language plpgsql as $$ begin
                  if tg_op = 'INSERT' then
                    for i in 1..1000 loop
                      exit when pg_trigger_depth() > 1
                        or exists (select from mediaferry.transfer where row_key = 'last' and state = 'claimed');
                      perform pg_sleep(0.01);
                    end loop;
                  elsif new.state = 'claimed' and new.row_key <> 'last' then
                    insert into mediaferry.transfer (entry, row_key, source, host, deadline, object_key, bucket, state)
                      select new.entry, id, url, new.host, now() + interval '1 hour', 'by-another-process.jpg', new.bucket, 'waiting'
                      from public."Photo" where id = 'last' on conflict do nothing;
                  elsif new.state = 'linked' and new.row_key = 'last' then
                    perform pg_sleep(1);
                  end if;
                  return new;
                end $$""",
                "create trigger interfere_with_insert before insert on mediaferry.transfer for each row"
                        + " when (new.row_key = 'last') execute function public.interfere()",
                "create trigger interfere_with_update after update of state on mediaferry.transfer for each row"
                        + " execute function public.interfere()");
        RunReport report;
        try {
            report = engine.migrate(
                    new RunOptions(List.of("Photo.url"), false, OptionalLong.empty(), OptionalInt.of(1), false));
        } finally {
            SANDBOX.execute(
                    "drop trigger interfere_with_insert on mediaferry.transfer",
                    "drop trigger interfere_with_update on mediaferry.transfer",
                    "drop function interfere");
        }

        assertThat(report.migrated()).isEqualTo(3);
        assertThat(report.left()).isEmpty();
        assertThat(report.adds()).isTrue();
        assertThat(SANDBOX.url("last")).contains("by-another-process");
    }

    @Test
    void choosesAmongAllLinksWhenThereIsALimit() {
        links();
        RunReport report = migrate(OptionalLong.of(1));

        assertThat(firstClaim()).isEqualTo(3);
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(SANDBOX.outcome("last")).isEqualTo("linked");
    }

    /** A page and one: links between others that only parsing tells from them, the nearest deadline last. */
    private static void links() {
        SANDBOX.sql()
                .sql("insert into \"Photo\" (id, url) select 'b' || id, 'https://elsewhere.example/?http://127.0.0.1/'"
                        + " from generate_series(1, ?) as id")
                .param(ColumnQueries.SCAN_PAGE - 2)
                .update();
        SANDBOX.photo("a1", SANDBOX.cdn().picture());
        SANDBOX.photo("a2", SANDBOX.cdn().picture());
        SANDBOX.photo(
                "last", UnrulyCdn.until(SANDBOX.cdn().picture(), Instant.now().plus(Duration.ofHours(1))));
    }

    private static RunReport migrate(OptionalLong limit) {
        return engine.migrate(new RunOptions(List.of("Photo.url"), false, limit, OptionalInt.empty(), false));
    }

    /** @return how many of the fifty files that the limit allows are imported, of a page and one */
    private static long imported(String name, String folder) throws IOException {
        for (int i = 0; i < FILES; i++) {
            cache.file("../" + name + "/" + folder + "v" + i, LocalCache.video(i));
        }
        ImportReport report = engine.importFolder(new ImportOptions(
                parent.resolve(name),
                Optional.of(name),
                Optional.empty(),
                false,
                OptionalLong.of(50),
                Optional.empty()));
        assertThat(SANDBOX.sql()
                        .sql("select count(distinct object_key) from imported")
                        .query(Long.class)
                        .single())
                .isEqualTo(report.migrated());
        return report.migrated();
    }

    /** The first and the last have a file. */
    private static void rows(int from, int to) throws IOException {
        SANDBOX.sql()
                .sql("insert into post_media (media_id, media_type, md5_sum, mime_type, created_at)"
                        + " select id, 'video', md5(id::text), 'video/mp4', now() from generate_series(?, ?) as id")
                .params(from, to)
                .update();
        for (int row : List.of(1, ROWS)) {
            byte[] bytes = LocalCache.video(row);
            cache.file("videos/" + LocalCache.md5(bytes) + ".mp4", bytes);
            SANDBOX.sql()
                    .sql("update post_media set md5_sum = ? where media_id = ? and archive_url is null")
                    .params(LocalCache.md5(bytes), row)
                    .update();
        }
    }

    private static void assertOutcome(RunReport report) {
        assertThat(report.found()).isEqualTo(ROWS);
        assertThat(report.migrated()).isEqualTo(2);
        assertThat(report.dead()).containsExactly(Map.entry("missing-file", ROWS - 2L));
        assertThat(report.adds()).isTrue();
        assertThat(cache.target(1)).startsWith("s3://");
        assertThat(cache.target(ROWS)).startsWith("s3://");
        assertThat(archive(OptionalLong.empty()).found()).isZero();
    }

    private static long firstClaim() {
        return SANDBOX.sql()
                .sql("select queued from first_claim")
                .query(Long.class)
                .single();
    }

    private static RunReport archive(OptionalLong limit) {
        return engine.migrate(new RunOptions(List.of("archive.posts"), false, limit, OptionalInt.empty(), false));
    }
}
