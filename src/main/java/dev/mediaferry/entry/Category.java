package dev.mediaferry.entry;

import dev.mediaferry.object.KeyTemplate;
import dev.mediaferry.registry.AsMedia;
import dev.mediaferry.registry.Derivation;
import dev.mediaferry.registry.ImportCategory;
import dev.mediaferry.registry.ImportCategory.First;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A category of an import with its tables as found in the database, and the SQL that inserts and deletes its records.
 *
 * @param schema where the table of the records was found
 * @param idType of the column that tells the records apart
 * @param casts type of each column that is written
 * @param newId what gives a record its id when the registry does not; null when nothing does
 * @param targets tables that new ids lead to
 */
public record Category(
        ImportCategory says,
        String schema,
        IdType idType,
        Map<String, String> casts,
        String newId,
        List<NewIdTable> targets)
        implements Entry {

    /** Rows claimed at once. */
    private static final int BATCH = 1000;

    @Override
    public String name() {
        return says.name();
    }

    @Override
    public String relation() {
        return says.record().table();
    }

    @Override
    public int line() {
        return says.line();
    }

    @Override
    public Kind kind() {
        return Kind.CATEGORY;
    }

    /** Which record is the first of its group, only all of its files tell. */
    @Override
    public boolean movesWhilePlanned() {
        return says.record().firstOf().isEmpty();
    }

    @Override
    public int batch() {
        return BATCH;
    }

    @Override
    public Optional<String> bucket() {
        return says.bucket();
    }

    @Override
    public Optional<AsMedia> asMedia() {
        return says.asMedia();
    }

    @Override
    public Optional<Derivation> derivation() {
        return says.derivation();
    }

    @Override
    public int maxLength() {
        return 0;
    }

    @Override
    public Media media() {
        return new Media(Optional.empty(), says.types(), OptionalLong.of(says.maxBytes()), says.compression());
    }

    @Override
    public Keys keys(KeyTemplate standard) {
        return new Keys(false, true, says.prefix() + says.key().text().replaceFirst("\\{.*", ""));
    }

    /** What is asked about the records apart from inserting and deleting them. */
    public CategoryQueries queries() {
        return new CategoryQueries(this);
    }

    /** A file that was planned is to be imported until it is. */
    @Override
    public Claim claim() {
        return new Claim(QueueSql.claim("true", ""), Optional.empty());
    }

    @Override
    public Relink relink() {
        return new Relink(records().insert());
    }

    @Override
    public Retry retry() {
        return new Retry(QueueSql.held("true"), QueueSql.retry("true"));
    }

    @Override
    public Restore restore() {
        return new Restore(records().delete(), records().deletable());
    }

    /** An address in a record may be anybody's: none of them is unknown. */
    @Override
    public Verify verify() {
        return new Verify(
                records().record(),
                records().lost(),
                Optional.empty(),
                records().checks());
    }

    @Override
    public Optional<Holders> holders() {
        return records().holders().map(Holders::new);
    }

    private RecordSql records() {
        return new RecordSql(this);
    }

    /** The column that says which record is the first of its group. */
    public Optional<String> firstColumn() {
        return says.record().columns().entrySet().stream()
                .filter(column -> column.getValue() instanceof First)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    String id() {
        return QueueSql.quote(says.record().id());
    }

    String table() {
        return QueueSql.quote(schema) + "." + QueueSql.quote(says.record().table());
    }
}
