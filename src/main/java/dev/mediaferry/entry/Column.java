package dev.mediaferry.entry;

import dev.mediaferry.object.KeyTemplate;
import dev.mediaferry.registry.AsMedia;
import dev.mediaferry.registry.Derivation;
import dev.mediaferry.registry.Field;
import dev.mediaferry.registry.Traits;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A field of the registry as found in the database, and the SQL that writes it. Identifiers come from the
 * catalog and are quoted; values are always parameters, written as camel-sql's {@code :#name}.
 *
 * @param schema where the table was found
 * @param maxLength of the column in characters; 0 for unlimited
 * @param traits of the table that statements allow for
 * @param made SQL of the time at which a link came into its row, as text; empty when nothing tells
 */
public record Column(Field field, String schema, IdType idType, int maxLength, Traits traits, Optional<String> made)
        implements PointerEntry {

    @Override
    public String name() {
        return field.name();
    }

    @Override
    public String relation() {
        return field.table();
    }

    @Override
    public int line() {
        return field.line();
    }

    @Override
    public Kind kind() {
        return Kind.COLUMN;
    }

    @Override
    public int batch() {
        return field.batch();
    }

    @Override
    public Optional<String> bucket() {
        return field.bucket();
    }

    @Override
    public Optional<AsMedia> asMedia() {
        return field.asMedia();
    }

    @Override
    public Optional<Derivation> derivation() {
        return field.derivation();
    }

    @Override
    public Media media() {
        return new Media(Optional.empty(), field.types(), OptionalLong.empty(), Optional.empty());
    }

    @Override
    public Keys keys(KeyTemplate standard) {
        KeyTemplate template = field.key().orElse(standard);
        return new Keys(
                template.shared(),
                !template.random(),
                template.commonPrefix(field.folder(), field.table(), field.column()));
    }

    /** What is asked about the column apart from moving its links. */
    public ColumnQueries queries() {
        return new ColumnQueries(this);
    }

    @Override
    public Claim claim() {
        return new Claim(
                QueueSql.claim(pointer().live(), ""),
                Optional.of(QueueSql.claim(pointer().live(), " and t.chosen = :#run::bigint")));
    }

    /** The row still holds the link that its transfer is about. */
    @Override
    public PointerSql pointer() {
        return new PointerSql(
                table(),
                id(),
                idType.sqlName(),
                column(),
                text("x." + column()) + " = t.source",
                "t.source",
                traits,
                new MediaSql(asMedia(), new JobSql(name(), asMedia(), derivation())),
                "mediaferry.plain_link(s.source)");
    }

    String text(String expression) {
        return traits.fuzzy() ? expression + " collate \"C\"" : expression;
    }

    String id() {
        return QueueSql.quote(field.id());
    }

    String column() {
        return QueueSql.quote(field.column());
    }

    String table() {
        return QueueSql.quote(schema) + "." + QueueSql.quote(field.table());
    }
}
