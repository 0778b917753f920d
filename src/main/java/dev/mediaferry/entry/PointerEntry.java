package dev.mediaferry.entry;

import java.util.Map;
import java.util.Optional;

/** An entry whose rows hold the pointer themselves, so that it is swapped in place. */
sealed interface PointerEntry extends Entry permits Column, ArchiveTable {

    /** @return the statements about that pointer; identifiers are quoted, values are parameters */
    PointerSql pointer();

    @Override
    default Claim claim() {
        return new Claim(QueueSql.claim(pointer().live(), ""), Optional.empty());
    }

    @Override
    default Relink relink() {
        return new Relink(pointer().relinkAndLook());
    }

    @Override
    default Retry retry() {
        return new Retry(
                QueueSql.held(pointer().live()), QueueSql.retry(pointer().live()));
    }

    @Override
    default Restore restore() {
        return new Restore(pointer().restoreAndLook(), pointer().restorable());
    }

    @Override
    default Verify verify() {
        return new Verify(
                pointer().record(), pointer().lost(), Optional.of(pointer().unknown()), Map.of());
    }

    @Override
    default Optional<Holders> holders() {
        return Optional.of(new Holders(pointer().holders()));
    }
}
