package dev.mediaferry.imports;

import dev.mediaferry.settings.Shown;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

/**
 * Names of entries, as paths with slashes. An archive that does not say which encoding its names are in is read in the
 * configured one; without one, a zip made on DOS or Windows in the format's own (APPNOTE 4.4.17: code page 437), and others in
 * UTF-8 where the bytes are that, else in code page 437 (zip) or ISO-8859-1 (tar). No byte is ever replaced: two names stay two.
 */
final class EntryNames {

    /** Decodes every byte to a character of its own, so that a tar's names can be decoded from their bytes later. */
    static final Charset LOSSLESS = StandardCharsets.ISO_8859_1;

    private static final String DOS = "IBM437";

    private final Optional<Charset> configured;

    EntryNames(Optional<Charset> configured) {
        this.configured = configured;
    }

    /** A name that is not in the encoding that it is said to be in. */
    static final class UnreadableNameException extends Exception {

        private static final long serialVersionUID = 1L;

        UnreadableNameException(byte[] name, Charset charset) {
            super("has a name that is not " + charset + ": " + Shown.bytes(name)
                    + "; mediaferry.import.archive-charset says which encoding names are in");
        }
    }

    String of(ZipArchiveEntry entry) throws UnreadableNameException {
        byte[] raw = entry.getRawName();
        return slashes(
                switch (entry.getNameSource()) {
                    case UNICODE_EXTRA_FIELD -> entry.getName();
                    case NAME_WITH_EFS_FLAG -> strictly(raw, StandardCharsets.UTF_8);
                    case NAME -> configured.isPresent() ? strictly(raw, configured.get()) : undeclared(entry, raw);
                });
    }

    /** @param name decoded as {@link #LOSSLESS}, or said by a pax header, which is in UTF-8 */
    String ofTar(String name) {
        if (name.chars().anyMatch(c -> c > 0xff)) {
            return name;
        }
        byte[] raw = name.getBytes(LOSSLESS);
        return decode(raw, StandardCharsets.UTF_8)
                .or(() -> configured.flatMap(charset -> decode(raw, charset)))
                .orElse(name);
    }

    /** Tools of Windows write backslashes, whatever system they claim to run on; the format knows slashes only. */
    private static String slashes(String name) {
        return name.replace('\\', '/');
    }

    private static String undeclared(ZipArchiveEntry entry, byte[] raw) throws UnreadableNameException {
        Optional<String> unix = entry.getPlatform() == ZipArchiveEntry.PLATFORM_UNIX
                ? decode(raw, StandardCharsets.UTF_8)
                : Optional.empty();
        return unix.isPresent() ? unix.get() : strictly(raw, Charset.forName(DOS));
    }

    private static String strictly(byte[] raw, Charset charset) throws UnreadableNameException {
        Optional<String> name = decode(raw, charset);
        if (name.isEmpty()) {
            throw new UnreadableNameException(raw, charset);
        }
        return name.get();
    }

    private static Optional<String> decode(byte[] raw, Charset charset) {
        try {
            return Optional.of(charset.newDecoder().decode(ByteBuffer.wrap(raw)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
