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

    private final String sqlName;

    IdType(String sqlName) {
        this.sqlName = sqlName;
    }

    /** PostgreSQL's internal name of the type. */
    String sqlName() {
        return sqlName;
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
