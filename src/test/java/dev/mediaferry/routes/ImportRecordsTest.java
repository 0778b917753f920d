package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.deadletter.DeadLetterFilter;
import dev.mediaferry.deadletter.DeadLetters;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.ShopBackup;
import dev.mediaferry.imports.ImportReport;
import dev.mediaferry.registry.RegistryFile;
import dev.mediaferry.rollback.RollbackReport;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The records that an import inserts: their values, which is the first, and how they are taken away again. */
@Tag("slow")
class ImportRecordsTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final ShopBackup SHOPS = new ShopBackup(SANDBOX);

    @BeforeEach
    void begin() throws IOException {
        SHOPS.begin();
    }

    @Test
    void marksTheNextByNameWhenTheFirstFails() throws Exception {
        SHOPS.picture("shops/s2/bad", 1);
        SHOPS.picture("shops/s2/c", 2);
        SHOPS.picture("shops/s2/d", 3);
        ImportReport report = SHOPS.run();
        assertThat(report.failed()).isEqualTo(1);
        assertThat(firsts()).containsExactly("shops/c");
        assertThat(SANDBOX.outcome("shops/s2/bad")).isEqualTo("dead row-refused");
        assertThat(report.validation()).isEqualTo("incomplete");
        ImportReport again = SHOPS.run();
        assertThat(again.failedBefore()).isEqualTo(1);
        assertThat(again.validation()).isEqualTo("incomplete");
    }

    @Test
    void marksTheFirstByNameWhenItComesLate() throws Exception {
        SHOPS.picture("shops/s2/c", 2);
        SHOPS.picture("shops/s2/b", 3);
        SHOPS.run();
        assertThat(firsts()).containsExactly("shops/b");
        SHOPS.picture("shops/s2/a", 1);
        SHOPS.run();
        assertThat(firsts()).containsExactly("shops/a");
        SHOPS.picture("shops/s2/d", 4);
        SHOPS.run();
        assertThat(firsts()).containsExactly("shops/a");
        assertThat(SHOPS.rollback().restored()).isEqualTo(4);
    }

    @Test
    void leavesAMarkThatSomebodyHasMoved() throws Exception {
        SHOPS.picture("shops/s2/a", 1);
        SHOPS.picture("shops/s2/b", 2);
        SHOPS.run();
        SANDBOX.execute("update picture set first = not first");
        SHOPS.picture("shops/s2/c", 3);
        SHOPS.run();
        assertThat(firsts()).containsExactly("shops/b");
    }

    @Test
    void importsARefusedFileFromItsObject() throws Exception {
        SHOPS.picture("shops/s2/late", 1);
        SANDBOX.execute("alter table picture add constraint not_yet check (note <> 'shops/late')");
        try {
            assertThat(SHOPS.run().failed()).isEqualTo(1);
        } finally {
            SANDBOX.execute("alter table picture drop constraint not_yet");
        }
        String etag = SANDBOX.head("shop-pictures/2/late.jpg").eTag();
        Object stored = SANDBOX.head("shop-pictures/2/late.jpg").lastModified();
        assertThat(SANDBOX.transfer("shops/s2/late"))
                .containsEntry("state", "dead")
                .containsEntry("object_state", "present")
                .containsEntry("object_key", "shop-pictures/2/late.jpg")
                .containsEntry("etag", etag);
        letters().retry(DeadLetterFilter.ALL);
        assertThat(SHOPS.run().migrated()).isEqualTo(1);
        assertThat(SANDBOX.head("shop-pictures/2/late.jpg").lastModified()).isEqualTo(stored);
    }

    @Test
    void triesADeadLetterAgainWhenAskedTo() throws Exception {
        SHOPS.file("shops/s2/a", Pictures.blank(1, 1));
        assertThat(SHOPS.run().failed()).isEqualTo(1);
        SHOPS.picture("shops/s2/a", 1);
        assertThat(SHOPS.run().categories().get(0).skipped()).containsEntry("a dead letter: placeholder", 1L);
        assertThat(letters()
                        .retry(new DeadLetterFilter(
                                List.of(), Optional.of("shops/pictures"), Optional.empty(), Optional.empty()))
                        .retried())
                .isEqualTo(1);
        assertThat(SHOPS.run().migrated()).isEqualTo(1);
    }

    @Test
    void keepsARecordThatSomebodyHasChanged() throws Exception {
        SHOPS.picture("shops/s2/a", 1);
        SHOPS.picture("shops/s2/b", 2);
        SHOPS.run();
        SANDBOX.execute("update picture set owner = 'Eve' where note = 'shops/a'");
        RollbackReport report = SHOPS.rollback();
        assertThat(report.restored()).isEqualTo(1);
        assertThat(report.conflicts()).isEqualTo(1);
        assertThat(SANDBOX.keys()).containsExactly("shop-pictures/2/a.jpg");
        assertThat(SHOPS.run().categories().get(0).skipped()).containsEntry("rolled back", 1L);
    }

    @Test
    void keepsAnObjectWhoseKeyOrLinkStandsInAnyOtherRecord() throws Exception {
        SHOPS.picture("shops/s2/a", 1);
        SHOPS.picture("shops/s2/b", 2);
        SHOPS.picture("shops/s2/c", 3);
        SHOPS.run();
        SANDBOX.execute(
                "insert into picture (id, shop, url) select gen_random_uuid(), 2, url || '?v=2#top' from picture where note = 'shops/a'",
                "insert into picture (id, shop, \"object key\") select gen_random_uuid(), 2, \"object key\" from picture where note = 'shops/b'");
        RollbackReport report = SHOPS.rollback();
        assertThat(report.objectsRemoved()).isEqualTo(1);
        assertThat(report.objectsKept()).isEqualTo(2);
        assertThat(SANDBOX.keys()).containsExactly("shop-pictures/2/a.jpg", "shop-pictures/2/b.jpg");
    }

    @Test
    void refusesARecordThatTheDatabaseDoesNotTake() {
        String wrong = SHOPS.registry()
                .replace(
                        "select owner from shop where id = {newShop}::int",
                        "select owner from shop where id = {newShop}");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> SHOPS.engine().services().entries(RegistryFile.parse("r.yaml", wrong)))
                .withMessageContaining("registry line 6: shops/pictures: the database does not take the record: ERROR:"
                        + " operator does not exist: integer = text");
    }

    @Test
    void namesEveryColumnThatIsNotThere() {
        String wrong = SHOPS.registry()
                .replace("owner: {", "ownr: {")
                .replace("kind: ", "knd: ")
                .replace("table: shop }", "table: shp }");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> SHOPS.engine().services().entries(RegistryFile.parse("r.yaml", wrong)))
                .withMessageContainingAll(
                        "table picture has no column ownr; did you mean owner?",
                        "table picture has no column knd; did you mean kind?",
                        "the database has no table shp; did you mean shop?");
    }

    @Test
    void writesEveryKindOfValueIntoTheRecord() throws Exception {
        byte[] picture = SHOPS.picture("shops/s,1/a'b", 1);
        assertThat(SHOPS.run().migrated()).isEqualTo(1);
        Map<String, Object> record =
                SANDBOX.sql().sql("select * from picture").query().singleRow();
        assertThat(record)
                .containsEntry("shop", 1)
                .containsEntry("owner", "Ann")
                .containsEntry("object key", "shop-pictures/1/a_27b.jpg")
                .containsEntry("note", "shops/a'b")
                .containsEntry("kind", "it's :#a? 'quoted' \\ constant")
                .containsEntry("size", picture.length)
                .containsEntry("first", true);
        String key = SANDBOX.key((String) record.get("url"));
        assertThat(SANDBOX.object(key)).isEqualTo(picture);
        assertThat(SANDBOX.head(key).metadata()).containsEntry("mediaferry-ledger", SANDBOX.ledgerId());
        assertThat(record.get("made")).isNotNull();
    }

    private static DeadLetters letters() {
        return SHOPS.engine().deadLetters();
    }

    private List<String> firsts() {
        return SANDBOX.sql()
                .sql("select note from picture where first order by 1")
                .query(String.class)
                .list();
    }
}
