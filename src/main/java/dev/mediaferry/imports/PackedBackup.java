package dev.mediaferry.imports;

import dev.mediaferry.settings.Shown;
import dev.mediaferry.settings.Sizes;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Enumeration;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** Unpacks a .zip, .tar, .tar.gz or .tgz, and nothing that would do harm. */
final class PackedBackup {

    /** Names of archives that are taken; the import directory refuses others. */
    private static final Pattern TAKEN = Pattern.compile("(?i).+\\.(zip|tar|tar\\.gz|tgz)");

    /** File types of Unix, in the mode of a zip's entry. */
    private static final int TYPE = 0170000;

    private static final int FOLDER = 0040000;
    private static final int FILE = 0100000;
    private static final int LINK = 0120000;

    /** Pictures hardly shrink, so an archive that grows by more than this factor is not one of pictures. */
    private static final int MOST_GROWTH = 100;

    /** What is smaller than that may grow as it likes. */
    private static final long HARMLESS = 100_000_000;

    private static final int MOST_ENTRIES = 5_000_000;

    private static final int BUFFER = 64 * 1024;

    private final Path file;
    private final Path into;
    private final long maxBytes;
    private final EntryNames names;
    private final LongSupplier free;
    private final long packed;
    private long unpacked;
    private int entries;

    /** @param into existing empty folder */
    PackedBackup(Path file, Path into, ImportSettings settings) throws IOException {
        this(file, into, settings, into.toFile()::getUsableSpace);
    }

    /** @param free bytes on the disk of {@code into} */
    PackedBackup(Path file, Path into, ImportSettings settings, LongSupplier free) throws IOException {
        this.file = file;
        this.into = into;
        this.maxBytes = settings.maxUnpacked();
        this.names = new EntryNames(settings.archiveCharset());
        this.free = free;
        this.packed = Files.size(file);
    }

    /** @throws DropRefusedException when it is damaged, incomplete, of another kind, or would do harm */
    void unpack() {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (!TAKEN.matcher(name).matches()) {
            throw refused("is of a kind that is not taken: pack it as .zip, .tar, .tar.gz or .tgz", null);
        }
        try {
            if (name.endsWith(".zip")) {
                unzip();
            } else {
                // What a compressed one holds it tells at its end only; hardly less than it takes itself.
                checkRoom(packed);
                try (BufferedInputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
                        InputStream in = name.endsWith(".tar") ? raw : new GzipMembers(raw)) {
                    untar(in);
                }
            }
        } catch (FileAlreadyExistsException e) {
            throw refused("has the same file twice", into.relativize(Path.of(e.getFile())), e);
        } catch (EntryNames.UnreadableNameException e) {
            throw refused(e.getMessage(), e);
        } catch (IOException | IllegalArgumentException e) {
            throw refused("is damaged, or not complete: " + Shown.text(String.valueOf(e.getMessage())), e);
        }
    }

    private void unzip() throws IOException, EntryNames.UnreadableNameException {
        try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
            checkRoom(zip.stream()
                    .mapToLong(entry -> Math.max(entry.getSize(), 0))
                    .sum());
            Enumeration<ZipArchiveEntry> all = zip.getEntries();
            while (all.hasMoreElements()) {
                ZipArchiveEntry entry = all.nextElement();
                String name = names.of(entry);
                int type = entry.getUnixMode() & TYPE;
                if (type == LINK) {
                    throw refused("has a link in it", name, null);
                }
                if (type != 0 && type != FILE && type != FOLDER) {
                    throw refused("has something in it that is neither file nor folder", name, null);
                }
                if (!zip.canReadEntryData(entry)) {
                    throw refused("has an entry that is encrypted or packed in an unknown way", name, null);
                }
                boolean folder = name.endsWith("/") || type == FOLDER;
                try (InputStream in = folder ? InputStream.nullInputStream() : zip.getInputStream(entry)) {
                    take(name, folder, in);
                }
            }
        }
    }

    private void untar(InputStream in) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(in, EntryNames.LOSSLESS.name())) {
            boolean any = false;
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                any = true;
                String name = names.ofTar(entry.getName());
                if (entry.isSymbolicLink()) {
                    throw refused("has a link in it", name, null);
                }
                if (entry.isLink()) {
                    copy(names.ofTar(entry.getLinkName()), name);
                } else if (entry.isDirectory()) {
                    take(name, true, tar);
                } else if (isFile(entry)) {
                    take(name, false, tar);
                } else {
                    throw refused("has something in it that is neither file nor folder", name, null);
                }
            }
            if (!any) {
                throw refused("is no tar archive, or an empty one", null);
            }
        }
    }

    /** A type that the format does not know counts as a file there (POSIX, pax); but a FIFO would be an empty one. */
    private static boolean isFile(TarArchiveEntry entry) {
        byte type = entry.getLinkFlag();
        return type == TarConstants.LF_NORMAL
                || type == TarConstants.LF_OLDNORM
                || type == TarConstants.LF_CONTIG
                || entry.isSparse();
    }

    /** A hard link is one more name of a file that came before it. */
    private void copy(String existing, String name) throws IOException {
        Path source = inside(existing);
        if (!Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS)) {
            throw refused("has a hard link to a file that is not in it before", name + " -> " + existing, null);
        }
        try (InputStream in = Files.newInputStream(source)) {
            take(name, false, in);
        }
    }

    private void take(String name, boolean folder, InputStream in) throws IOException {
        if (++entries > MOST_ENTRIES) {
            throw refused("has more than %,d entries".formatted(MOST_ENTRIES), null);
        }
        Path target = inside(name);
        if (folder) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                unpacked += count;
                check();
                write(out, buffer, count);
            }
        }
    }

    /** A disk that is full says nothing about the archive. */
    private void write(OutputStream out, byte[] buffer, int count) {
        try {
            out.write(buffer, 0, count);
        } catch (IOException e) {
            throw refused("cannot be unpacked into " + into + ": " + e.getMessage(), e);
        }
    }

    private void checkRoom(long needed) {
        long room = free.getAsLong();
        // 0 is what file systems say that do not know.
        if (room > 0 && needed > room) {
            throw refused(
                    "needs " + Sizes.text(needed) + " unpacked, and " + into + " has " + Sizes.text(room) + " free",
                    null);
        }
    }

    private Path inside(String name) {
        Path target = into.resolve(name).normalize();
        if (!target.startsWith(into) || leadsUp(name)) {
            throw refused("has an entry that leads out of it", name, null);
        }
        return target;
    }

    private static boolean leadsUp(String name) {
        for (String part : name.split("[/\\\\]")) {
            if (part.equals("..")) {
                return true;
            }
        }
        return false;
    }

    private void check() {
        if (unpacked > maxBytes) {
            throw refused("unpacks to more than mediaferry.import.max-unpacked allows, " + maxBytes + " bytes", null);
        }
        if (unpacked > HARMLESS && unpacked / MOST_GROWTH > packed) {
            throw refused("unpacks to more than " + MOST_GROWTH + " times its size, as zip bombs do", null);
        }
    }

    private DropRefusedException refused(String problem, Object entry, Throwable cause) {
        return refused(problem + ": " + Shown.text(entry.toString()), cause);
    }

    private DropRefusedException refused(String problem, Throwable cause) {
        return new DropRefusedException(
                "the archive " + Shown.text(file.getFileName().toString()) + " " + problem, cause);
    }
}
