package dev.mediaferry.entry;

import dev.mediaferry.object.KeyTemplate;
import dev.mediaferry.registry.Archive;
import dev.mediaferry.registry.Archive.Role;
import dev.mediaferry.registry.AsMedia;
import dev.mediaferry.registry.Derivation;
import dev.mediaferry.registry.Traits;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An archive of the registry with its table as found in the database, and the SQL that reads and writes it.
 *
 * <p>A transfer's {@code source} is what the row was when it was found: its MD5, and, behind a blank, the target that it
 * had already when it is archived once more. The pointer is written only while both are so.
 *
 * @param schema where the table was found
 * @param columns those that there are
 * @param date SQL of the row's day as {@code YYYY-MM-DD}
 * @param traits of the table that statements allow for
 * @param maxLength of the target column in characters; 0 for unlimited
 */
public record ArchiveTable(
        Archive archive,
        String schema,
        IdType idType,
        Map<Role, String> columns,
        String date,
        int maxLength,
        Traits traits)
        implements PointerEntry {

    /** Multipart uploads go further; what is larger is no file of a cache. */
    private static final long MAX_BYTES = 5L << 30;

    private static final int MD5_LENGTH = 32;

    @Override
    public String name() {
        return archive.name();
    }

    @Override
    public String relation() {
        return archive.table();
    }

    @Override
    public int line() {
        return archive.line();
    }

    /** @param source as the ledger has it */
    @Override
    public Optional<String> md5(String source) {
        return Optional.of(source.substring(0, MD5_LENGTH).toLowerCase(java.util.Locale.ROOT));
    }

    @Override
    public Kind kind() {
        return Kind.ARCHIVE;
    }

    @Override
    public Optional<String> bucket() {
        return archive.bucket();
    }

    @Override
    public boolean pointsByS3Uri() {
        return archive.s3Uri();
    }

    @Override
    public int batch() {
        return archive.batch();
    }

    @Override
    public Optional<AsMedia> asMedia() {
        return archive.asMedia();
    }

    @Override
    public Optional<Derivation> derivation() {
        return archive.derivation();
    }

    @Override
    public Media media() {
        return new Media(Optional.of(archive.dir()), archive.types(), OptionalLong.of(MAX_BYTES), Optional.empty());
    }

    @Override
    public Keys keys(KeyTemplate standard) {
        return new Keys(true, true, archive.key().commonPrefix());
    }

    /** What is asked about the table apart from moving its files. */
    public ArchiveQueries queries() {
        return new ArchiveQueries(this);
    }

    /** A row is as it was planned while it has the same MD5 and nothing new in its target. */
    @Override
    public PointerSql pointer() {
        String unchanged = "(%s = split_part(t.source, ' ', 1) and %s is not distinct from %s)"
                .formatted(md5(), column(Role.TARGET), oldTarget());
        return new PointerSql(
                table(),
                QueueSql.quote(archive.id()),
                idType.sqlName(),
                quoted(Role.TARGET),
                unchanged,
                oldTarget(),
                traits,
                new MediaSql(asMedia(), new JobSql(name(), asMedia(), derivation())),
                "null");
    }

    /** What another tool has written there may hold blanks. */
    private static String oldTarget() {
        return "nullif(substr(t.source, " + (MD5_LENGTH + 2) + "), '')";
    }

    String id() {
        return "x." + QueueSql.quote(archive.id());
    }

    /**
     * The MD5 as 32 hexadecimal digits, as they stand in the table where they do; null for what is no MD5. Blanks in it are left
     * out, and the forms of a UUID and of Base64 are read.
     */
    String md5() {
        String text = md5Text();
        String dense = "regexp_replace(" + text + ", '[[:space:]]', '', 'g')";
        return """
                case when %1$s ~ '^[0-9A-Fa-f]{32}$' then %1$s
                  when %2$s ~ '^[0-9A-Fa-f]{32}$' then %2$s
                  when %2$s ~ '^([{]|)[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}([}]|)$' then translate(%2$s, '{}-', '')
                  when %2$s ~ '^[A-Za-z0-9+/_-]{21}[AQgw](==|)$'
                    then encode(decode(translate(left(%2$s, 22), '-_', '+/') || '==', 'base64'), 'hex')
                  end"""
                .formatted(text, dense);
    }

    /** What stands in the table. */
    String md5Text() {
        return column(Role.MD5) + "::text";
    }

    String column(Role role) {
        return "x." + quoted(role);
    }

    private String quoted(Role role) {
        return QueueSql.quote(columns.get(role));
    }

    /** The target as text that has patterns. */
    String exactTarget() {
        return column(Role.TARGET) + (traits.fuzzy() ? " collate \"C\"" : "");
    }

    String text(Role role) {
        return columns.containsKey(role) ? column(role) + "::text" : "null::text";
    }

    String table() {
        return QueueSql.quote(schema) + "." + QueueSql.quote(archive.table());
    }
}
