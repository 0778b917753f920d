package dev.mediaferry.entry;

import java.util.Optional;

/** An entry whose rows hold the pointer themselves, so that it is swapped in place. */
sealed interface PointerEntry extends Entry permits Column, ArchiveTable {

    /** @return the statements about that pointer; identifiers are quoted, values are parameters */
    PointerSql pointer();

    @Override
    default String claimSql() {
        return QueueSql.claim(pointer().live(), "");
    }

    @Override
    default String relinkSql() {
        return pointer().relinkAndLook();
    }

    @Override
    default String heldSql() {
        return QueueSql.held(pointer().live());
    }

    @Override
    default String retrySql() {
        return QueueSql.retry(pointer().live());
    }

    @Override
    default String restoreSql() {
        return pointer().restoreAndLook();
    }

    @Override
    default String restorableSql() {
        return pointer().restorable();
    }

    @Override
    default Optional<String> holdersSql() {
        return pointer().holders();
    }

    @Override
    default Optional<String> unknownPointersSql() {
        return pointer().unknown();
    }

    @Override
    default String recordSql() {
        return pointer().record();
    }

    @Override
    default String lostPointersSql() {
        return pointer().lost();
    }
}
