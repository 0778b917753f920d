package dev.mediaferry.entry;

import dev.mediaferry.content.MediaKind;
import dev.mediaferry.format.Compression;
import dev.mediaferry.object.KeyTemplate;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * An entry of the registry as found in the database: what claims, ferry, relink, dead letters, rollback and verification
 * need of it. Each kind has a planner; from the claim on all go the same way.
 *
 * <p>Statements take camel-sql's {@code :#name} parameters. They are built of the registry, which is trusted, and of
 * identifiers found in the catalog; data is only ever bound.
 */
public sealed interface Entry permits PointerEntry, Category {

    /** What an entry is in the registry, and who plans it. */
    enum Kind {
        /** A column of links. */
        COLUMN,
        /** A cache whose files a table knows. */
        ARCHIVE,
        /** A kind of files of an import. */
        CATEGORY
    }

    /** Where the media of an entry come from. */
    enum Source {
        /** A link, that is asked for at the pace of its host. */
        LINK,
        /** A file of this machine, below the folder of the run. */
        FILE
    }

    /** What a verification finds besides lost pointers. */
    enum Check {
        /** A new id of an import leads to a row that is not there. */
        DANGLING_ID("new ids lead to rows that are not there"),
        /** Of the records that belong together, none or several are the first. */
        NOT_ONE_FIRST("groups have no first record, or several");

        private final String meaning;

        Check(String meaning) {
            this.meaning = meaning;
        }

        /** Completes "5 …". */
        public String meaning() {
            return meaning;
        }
    }

    /** Name of the entry in the ledger, and what commands take. */
    String name();

    /** Where it stands in the registry, from 1. */
    int line();

    /** Schema of its table, as found in the database. */
    String schema();

    /** The table that its pointers or records are in. */
    String relation();

    /**
     * Id of its route: the name, in which what a URI or a placeholder would take for its own is spelt by its number.
     */
    default String route() {
        StringBuilder route = new StringBuilder();
        name().codePoints()
                .forEach(point -> route.append(
                        Character.isLetterOrDigit(point) || "._-/ ".indexOf(point) >= 0
                                ? Character.toString(point)
                                : "~" + Integer.toHexString(point)));
        return route.toString();
    }

    Source source();

    /** Where its files lie; empty for the folder of the run. */
    default Optional<Path> folder() {
        return Optional.empty();
    }

    /**
     * The MD5 that the bytes of a transfer must have, 32 digits in lower case; empty when none is known.
     *
     * @param source of the transfer
     */
    default Optional<String> md5(String source) {
        return Optional.empty();
    }

    Kind kind();

    /** Name of the registry's bucket that its objects go to; empty for the configured one. */
    default Optional<String> bucket() {
        return Optional.empty();
    }

    /** True when its pointers are {@code s3://bucket/key} instead of the object's public address. */
    default boolean pointsByS3Uri() {
        return false;
    }

    /** True when its rows may be moved as soon as they are planned: nothing of them depends on what is planned after them. */
    default boolean movesWhilePlanned() {
        return true;
    }

    /** Rows claimed at once. */
    int batch();

    /** What its media may be. */
    Set<MediaKind> types();

    /** Most bytes of one medium; empty for {@code mediaferry.fetch.max-bytes}. */
    default OptionalLong maxBytes() {
        return OptionalLong.empty();
    }

    /** How its pictures are compressed before they are stored; empty when they are stored as they come. */
    default Optional<Compression> compression() {
        return Optional.empty();
    }

    /** Most characters of the new value that a relink writes; 0 for unlimited. */
    int maxLength();

    /**
     * True when equal bytes get the same key.
     *
     * @param standard template for entries that have none of their own
     */
    boolean shared(KeyTemplate standard);

    /** True when others may have come to the same key, so that an object must only be created where there is none. */
    default boolean reproducible(KeyTemplate standard) {
        return true;
    }

    /** @return what all its keys begin with; empty when they have nothing in common */
    String commonPrefix(KeyTemplate standard);

    /** Claims waiting transfers; see {@link QueueSql#claim}. */
    String claimSql();

    /**
     * In ONE statement, so in one transaction: writes the new pointer or record of transfers whose objects are stored, and
     * marks their ledger rows. Takes {@code ids, targets, objectKeys, sha256s, bytes, contentTypes, etags,
     * objectStates} and {@code worker}; answers {@code id, state} of what is done, and nothing for rows that somebody else has locked.
     */
    String relinkSql();

    /** Which of the dead letters {@code ids} still have something to do. */
    String heldSql();

    /** Has a selection of dead letters tried again; answers {@code retried, superseded}. */
    String retrySql();

    /**
     * In one statement: undoes what {@link #relinkSql} wrote where it still stands, and marks the transfers
     * {@code rolled_back}. Takes {@code ids} and {@code entry}; answers {@code id, outcome}: restored, open, changed, over.
     */
    String restoreSql();

    /** What {@link #restoreSql} would answer if nobody had anything locked; changes nothing. */
    String restorableSql();

    /**
     * What this entry's rows hold whose last part, without query and fragment, is one of the {@code names}: {@code value}.
     * Empty when its rows lead to no object.
     */
    Optional<String> holdersSql();

    /**
     * Rows that lead to an object of ours, of which the ledger knows nothing: {@code id, value}. Empty when they cannot be
     * recognised.
     */
    Optional<String> unknownPointersSql();

    /** What the record of a transfer holds now: {@code id, value}, or nothing when it is not there. Takes {@code transfer}. */
    String recordSql();

    /** Linked transfers of which the pointer or record is not there: {@code id, value}. */
    String lostPointersSql();

    /** Queries for what else may be wrong: {@code id, value}. Take {@code entry} and {@code run}, 0 for all. */
    default Map<Check, List<String>> checksSql() {
        return Map.of();
    }
}
