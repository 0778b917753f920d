package dev.mediaferry.backup;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Enumeration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** Unpacks a .zip, .tar, .tar.gz or .tgz, and nothing that would do harm. */
final class Archive {

    /** Names that the import directory takes for archives. */
    static final Pattern NAME = Pattern.compile("(?i).+\\.(zip|tar|tar\\.gz|tgz)");

    /** Pictures hardly shrink, so an archive of them that grows so many times is none. */
    private static final int MOST_GROWTH = 100;

    /** What is smaller than that may grow as it likes. */
    private static final long HARMLESS = 100_000_000;

    private static final int MOST_ENTRIES = 5_000_000;

    private static final int BUFFER = 64 * 1024;

    private final Path file;
    private final Path into;
    private final long maxBytes;
    private final long packed;
    private long unpacked;
    private int entries;

    /** @param into existing empty folder */
    Archive(Path file, Path into, long maxBytes) throws IOException {
        this.file = file;
        this.into = into;
        this.maxBytes = maxBytes;
        this.packed = Files.size(file);
    }

    /** @throws DropRefusedException when it is damaged, incomplete, or would do harm */
    void unpack() {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        try {
            if (name.endsWith(".zip")) {
                unzip();
            } else {
                try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
                        InputStream in = name.endsWith(".tar")
                                ? raw
                                : GzipCompressorInputStream.builder()
                                        .setInputStream(raw)
                                        .setDecompressConcatenated(true)
                                        .get()) {
                    untar(in);
                }
            }
        } catch (FileAlreadyExistsException e) {
            throw refused("has the same file twice: " + into.relativize(Path.of(e.getFile())), e);
        } catch (IOException | IllegalArgumentException e) {
            throw refused("is damaged, or not complete: " + e.getMessage(), e);
        }
    }

    private void unzip() throws IOException {
        try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
            Enumeration<ZipArchiveEntry> all = zip.getEntries();
            while (all.hasMoreElements()) {
                ZipArchiveEntry entry = all.nextElement();
                if (entry.isUnixSymlink()) {
                    throw refused("has a link in it: " + entry.getName(), null);
                }
                if (!zip.canReadEntryData(entry)) {
                    throw refused(
                            "has an entry that is encrypted or packed in an unknown way: " + entry.getName(), null);
                }
                try (InputStream in = entry.isDirectory() ? InputStream.nullInputStream() : zip.getInputStream(entry)) {
                    take(entry, in);
                }
            }
        }
    }

    private void untar(InputStream in) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            boolean any = false;
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                any = true;
                if ((!entry.isDirectory() && !entry.isFile()) || entry.isLink() || entry.isSymbolicLink()) {
                    throw refused("has something in it that is neither file nor folder: " + entry.getName(), null);
                }
                take(entry, tar);
            }
            if (!any) {
                throw refused("is no tar archive, or an empty one", null);
            }
        }
    }

    private void take(ArchiveEntry entry, InputStream in) throws IOException {
        if (++entries > MOST_ENTRIES) {
            throw refused("has more than %,d entries".formatted(MOST_ENTRIES), null);
        }
        Path target = into.resolve(entry.getName()).normalize();
        if (!target.startsWith(into) || leadsUp(entry.getName())) {
            throw refused("has an entry that leads out of it: " + entry.getName(), null);
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                unpacked += count;
                check();
                out.write(buffer, 0, count);
            }
        }
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

    private DropRefusedException refused(String problem, Throwable cause) {
        return new DropRefusedException("the archive " + file.getFileName() + " " + problem, cause);
    }
}
