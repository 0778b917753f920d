package dev.mediaferry.entry;

import java.util.Optional;

/** Types that a row's id may have. The ledger keeps ids as text and casts them back, so that indexes are used. */
enum IdType {
    TEXT("text"),
    VARCHAR("varchar"),
    UUID("uuid"),
    INT2("int2"),
    INT4("int4"),
    INT8("int8");

    private static final String A_NUMBER = "^[-+]?[0-9]{1,19}$";

    /** With hyphens or without, as PostgreSQL takes it. */
    private static final String A_UUID = "^([0-9a-f]{4}-?){7}[0-9a-f]{4}$";

    private final String sqlName;

    IdType(String sqlName) {
        this.sqlName = sqlName;
    }

    /** PostgreSQL's internal name of the type. */
    String sqlName() {
        return sqlName;
    }

    /** @return SQL: a text in the form of a column, so that its index is used; null where it can be none */
    String value(String text) {
        return switch (this) {
            case TEXT, VARCHAR -> text;
            case UUID -> "case when " + text + " ~* '" + A_UUID + "' then " + text + "::uuid end";
            // Within what 19 digits can say there are numbers that no bigint can be.
            case INT2, INT4, INT8 ->
                "case when " + text + " ~ '" + A_NUMBER + "' then case when " + text + "::numeric between "
                        + Long.MIN_VALUE + " and " + Long.MAX_VALUE + " then " + text + "::int8 end end";
        };
    }

    static Optional<IdType> of(String sqlName) {
        for (IdType type : values()) {
            if (type.sqlName.equals(sqlName)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
