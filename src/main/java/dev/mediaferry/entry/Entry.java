package dev.mediaferry.entry;

import dev.mediaferry.object.KeyTemplate;
import dev.mediaferry.registry.AsMedia;
import dev.mediaferry.registry.Derivation;
import java.util.Optional;

/**
 * An entry of the registry as found in the database: which it is, what its media are and where they go, and the statements
 * that its kind has for claiming, relinking, dead letters, rollback and verification. Each kind has its own planner; from the
 * claim on all go the same way.
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

    Kind kind();

    /** Name of the entry in the ledger, and what commands take. */
    String name();

    /** Where it stands in the registry, from 1. */
    int line();

    /** Schema of its table, as found in the database. */
    String schema();

    /** The table that its pointers or records are in. */
    String relation();

    /** Of the column that tells the rows of its table apart. */
    IdType idType();

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

    // What is moved, and how

    default Source source() {
        return kind() == Kind.COLUMN ? Source.LINK : Source.FILE;
    }

    Media media();

    /**
     * The MD5 that the bytes of a transfer must have, 32 digits in lower case; empty when none is known.
     *
     * @param source of the transfer
     */
    default Optional<String> md5(String source) {
        return Optional.empty();
    }

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

    /** Whose media its rows become; empty when they become none. */
    Optional<AsMedia> asMedia();

    /** What is made of its objects; empty for nothing. */
    Optional<Derivation> derivation();

    /** Rows claimed at once. */
    int batch();

    /** Most characters of the new value that a relink writes; 0 for unlimited. */
    int maxLength();

    /** @param standard template for entries that have none of their own */
    Keys keys(KeyTemplate standard);

    // The statements of its kind

    Claim claim();

    Relink relink();

    Retry retry();

    Restore restore();

    Verify verify();

    /** Empty when its rows lead to no object. */
    Optional<Holders> holders();
}
