package dev.mediaferry.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream.UnicodeExtraFieldPolicy;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other people's tools pack, unpacked. */
class ArchiveTest {

    @TempDir
    private Path directory;

    private int count;

    @Test
    void namesWithoutUtf8FlagAreInCodePage437() throws Exception {
        Path zip = zip("IBM437", false, "gr\u00f6\u00dfe/\u00e4.jpg", "\u2592.jpg");
        assertThat(unpacked(zip, null)).containsExactly("gr\u00f6\u00dfe/\u00e4.jpg", "\u2592.jpg");
    }

    @Test
    void namesOfAUnixZipWithoutUtf8FlagAreUtf8WhenTheyCanBe() throws Exception {
        assertThat(unpacked(zip("UTF-8", true, "gr\u00f6\u00dfe.jpg"), null)).containsExactly("gr\u00f6\u00dfe.jpg");
        assertThat(unpacked(zip("IBM437", true, "gr\u00f6\u00dfe.jpg"), null)).containsExactly("gr\u00f6\u00dfe.jpg");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Shift_JIS", "ISO-8859-1", "windows-1252", "GBK", "UTF-8"})
    void namesAreInTheConfiguredEncoding(String charset) throws Exception {
        String name =
                charset.equals("Shift_JIS") || charset.equals("GBK") ? "\u8868\u30bd/\u4e00.jpg" : "\u00fc/\u00e9.jpg";
        assertThat(unpacked(zip(charset, false, name, "plain.jpg"), charset)).containsExactly("plain.jpg", name);
        assertThat(unpacked(zip(charset, true, name), charset)).containsExactly(name);
    }

    @Test
    void aFlaggedNameIsUtf8WhateverIsConfigured() throws Exception {
        assertThat(unpacked(flagged("\u8868.jpg"), "ISO-8859-1")).containsExactly("\u8868.jpg");
    }

    @Test
    void twoNamesNeverBecomeOne() throws Exception {
        byte[] all = new byte[128];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (128 + i);
        }
        String[] names = new String(all, StandardCharsets.ISO_8859_1)
                .chars()
                .mapToObj(c -> "n" + (char) c)
                .toArray(String[]::new);
        assertThat(unpacked(zip("ISO-8859-1", false, names), null)).hasSize(all.length);
        assertThat(unpacked(tar(null, "ISO-8859-1", names), null)).hasSize(all.length);
        assertThat(refused(zip("ISO-8859-1", false, names), "Shift_JIS"))
                .contains("has a name that is not Shift_JIS: n\\x80");
    }

    @Test
    void aNameThatBreaksItsOwnPromiseIsRefused() throws Exception {
        Path zip = flagged("\u00e4QQ.jpg");
        String bytes = new String(Files.readAllBytes(zip), StandardCharsets.ISO_8859_1);
        Files.write(zip, bytes.replace("QQ", "\u00ff\u00fe").getBytes(StandardCharsets.ISO_8859_1));
        assertThat(refused(zip, null)).contains("has a name that is not UTF-8: \u00e4\\xff\\xfe.jpg");
    }

    @Test
    void namesOfATarAreUtf8OrLatin1() throws Exception {
        assertThat(unpacked(tar(null, "ISO-8859-1", "caf\u00e9/\u00fc.jpg", "caf\u00e8/\u00fc.jpg"), null))
                .containsExactly("caf\u00e8/\u00fc.jpg", "caf\u00e9/\u00fc.jpg");
        assertThat(unpacked(tar(null, "UTF-8", "caf\u00e9.jpg", "\u8868.jpg"), null))
                .containsExactly("caf\u00e9.jpg", "\u8868.jpg");
        assertThat(unpacked(tar(null, "Shift_JIS", "\u8868\u30bd.jpg"), "Shift_JIS"))
                .containsExactly("\u8868\u30bd.jpg");
    }

    @Test
    void paxSaysNamesInUtf8() throws Exception {
        Path tar = tar(out -> out.setAddPaxHeadersForNonAsciiNames(true), "ISO-8859-1", "\u8868.jpg", "\u00fc.jpg");
        assertThat(unpacked(tar, null)).containsExactly("\u00fc.jpg", "\u8868.jpg");
        assertThat(unpacked(tar, "Shift_JIS")).containsExactly("\u00fc.jpg", "\u8868.jpg");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void backslashesOfWindowsToolsAreSeparators(boolean unix) throws Exception {
        Path zip = zip("UTF-8", unix, "shots\\2024\\a.jpg", "shots\\b.jpg", "empty\\");
        assertThat(unpacked(zip, null)).containsExactly("shots/2024/a.jpg", "shots/b.jpg");
        assertThat(refused(zip("UTF-8", unix, "..\\..\\a.jpg"), null)).contains("leads out of it: ../../a.jpg");
        assertThat(refused(zip("UTF-8", unix, "a\\b.jpg", "a/b.jpg"), null))
                .contains("has the same file twice: a/b.jpg");
    }

    @Test
    void zerosBehindATgzArePadding() throws Exception {
        Path tgz = tgz("padded.tgz", tar(null, "UTF-8", "a.jpg"));
        byte[] packed = Files.readAllBytes(tgz);
        for (int zeros : new int[] {1, 511, 70_000}) {
            Files.write(tgz, java.util.Arrays.copyOf(packed, packed.length + zeros));
            assertThat(unpacked(tgz, null)).containsExactly("a.jpg");
        }
        byte[] garbage = java.util.Arrays.copyOf(packed, packed.length + 20);
        garbage[garbage.length - 1] = 1;
        Files.write(tgz, garbage);
        assertThat(refused(tgz, null)).contains("is damaged, or not complete");
        Files.write(tgz, java.util.Arrays.copyOf(packed, packed.length - 9));
        assertThat(refused(tgz, null)).contains("is damaged, or not complete");
    }

    @Test
    void aTgzOfSeveralMembersIsOne() throws Exception {
        byte[] tar = Files.readAllBytes(tar(null, "UTF-8", "a.jpg", "b.jpg"));
        Path tgz = directory.resolve("members.tar.gz");
        try (OutputStream out = Files.newOutputStream(tgz)) {
            for (int from = 0; from < tar.length; from += 1000) {
                GzipCompressorOutputStream member = new GzipCompressorOutputStream(out);
                member.write(tar, from, Math.min(1000, tar.length - from));
                member.finish();
            }
        }
        assertThat(unpacked(tgz, null)).containsExactly("a.jpg", "b.jpg");
    }

    @ParameterizedTest
    @ValueSource(bytes = {TarConstants.LF_FIFO, TarConstants.LF_CHR, TarConstants.LF_BLK, 'V', 'M'})
    void whatIsNoFileInATarIsRefused(byte type) throws Exception {
        assertThat(refused(tarOf(out -> entry(out, new TarArchiveEntry("shots/odd", type), "")), null))
                .contains("has something in it that is neither file nor folder: shots/odd");
    }

    @Test
    void whatIsNoFileInAZipIsRefused() throws Exception {
        assertThat(refused(mode(0010644), null)).contains("neither file nor folder: odd");
        assertThat(refused(mode(0020644), null)).contains("neither file nor folder: odd");
        assertThat(refused(mode(0120777), null)).contains("has a link in it: odd");
    }

    @Test
    void aHardLinkIsTheFileThatItNames() throws Exception {
        Path tar = tarOf(out -> {
            entry(out, new TarArchiveEntry("shots/a.jpg"), "the bytes");
            TarArchiveEntry link = new TarArchiveEntry("shots/b.jpg", TarConstants.LF_LINK);
            link.setLinkName("shots/a.jpg");
            entry(out, link, "");
        });
        assertThat(unpacked(tar, null)).containsExactly("shots/a.jpg", "shots/b.jpg");
        assertThat(directory.resolve("out" + count + "/shots/b.jpg")).hasContent("the bytes");
    }

    @Test
    void aHardLinkLeadsNowhereElse() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "secret");
        for (String target : List.of("../secret", secret.toString(), "shots/later.jpg", "shots")) {
            Path tar = tarOf(out -> {
                entry(out, new TarArchiveEntry("shots/"), "");
                TarArchiveEntry link = new TarArchiveEntry("shots/b.jpg", TarConstants.LF_LINK);
                link.setLinkName(target);
                entry(out, link, "");
            });
            assertThat(refused(tar, null))
                    .containsAnyOf("leads out of it", "has a hard link to a file that is not in it");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.7z", "a.tar.xz", "a.rar", "a.tar.bz2", "a.tar.zst"})
    void anotherKindOfArchiveIsRefusedWithAWord(String name) throws Exception {
        assertThat(refused(Files.writeString(directory.resolve(name), "whatever"), null))
                .isEqualTo("the archive " + name
                        + " is of a kind that is not taken: pack it as .zip, .tar, .tar.gz or .tgz");
    }

    @Test
    void escapeSequencesOfNamesAreShownEscaped() throws Exception {
        assertThat(refused(zip("UTF-8", true, "../\u001b[31mred\u202e.jpg"), null))
                .contains("leads out of it: ../\\x1b[31mred\\u202e.jpg");
    }

    private List<String> unpacked(Path archive, String charset) throws IOException {
        Path into = Files.createDirectory(directory.resolve("out" + ++count));
        new Archive(
                        archive,
                        into,
                        new ImportSettings(
                                Optional.empty(),
                                Duration.ofSeconds(1),
                                1_000_000,
                                Optional.ofNullable(charset).map(Charset::forName),
                                OptionalLong.empty(),
                                1))
                .unpack();
        try (Stream<Path> files = Files.walk(into)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> into.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private String refused(Path archive, String charset) {
        DropRefusedException[] refusal = new DropRefusedException[1];
        assertThatExceptionOfType(DropRefusedException.class)
                .isThrownBy(() -> unpacked(archive, charset))
                .satisfies(thrown -> refusal[0] = thrown);
        return refusal[0].getMessage();
    }

    private Path zip(String charset, boolean unix, String... names) throws IOException {
        Path zip = directory.resolve("a" + ++count + ".zip");
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
            out.setEncoding(charset);
            out.setUseLanguageEncodingFlag(false);
            out.setCreateUnicodeExtraFields(UnicodeExtraFieldPolicy.NEVER);
            for (String name : names) {
                // Its constructor makes slashes of backslashes.
                ZipArchiveEntry entry = new ZipArchiveEntry("x");
                if (unix) {
                    entry.setUnixMode(0100644);
                }
                put(out, entry, name);
            }
        }
        return zip;
    }

    private Path flagged(String name) throws IOException {
        Path zip = directory.resolve("f" + ++count + ".zip");
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
            put(out, new ZipArchiveEntry("x"), name);
        }
        return zip;
    }

    private Path mode(int mode) throws IOException {
        Path zip = directory.resolve("m" + ++count + ".zip");
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
            ZipArchiveEntry entry = new ZipArchiveEntry("odd");
            entry.setUnixMode(mode);
            put(out, entry, "odd");
        }
        return zip;
    }

    private static void put(ZipArchiveOutputStream out, ZipArchiveEntry like, String name) throws IOException {
        ZipArchiveEntry entry = new ZipArchiveEntry("x") {
            @Override
            public String getName() {
                return name;
            }
        };
        if (like.getPlatform() == ZipArchiveEntry.PLATFORM_UNIX) {
            entry.setUnixMode(like.getUnixMode());
        }
        out.putArchiveEntry(entry);
        out.write(name.getBytes(StandardCharsets.UTF_8));
        out.closeArchiveEntry();
    }

    private interface Packing {
        void into(TarArchiveOutputStream out) throws IOException;
    }

    private Path tarOf(Packing packing) throws IOException {
        Path tar = directory.resolve("t" + ++count + ".tar");
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
            packing.into(out);
        }
        return tar;
    }

    private Path tar(Consumer<TarArchiveOutputStream> options, String charset, String... names) throws IOException {
        Path tar = directory.resolve("t" + ++count + ".tar");
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar), charset)) {
            if (options != null) {
                options.accept(out);
            }
            for (String name : names) {
                entry(out, new TarArchiveEntry(name), name);
            }
        }
        return tar;
    }

    private static void entry(TarArchiveOutputStream out, TarArchiveEntry entry, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        entry.setSize(bytes.length);
        out.putArchiveEntry(entry);
        out.write(bytes);
        out.closeArchiveEntry();
    }

    private Path tgz(String name, Path tar) throws IOException {
        Path tgz = directory.resolve(name);
        try (GzipCompressorOutputStream out = new GzipCompressorOutputStream(Files.newOutputStream(tgz))) {
            Files.copy(tar, out);
        }
        return tgz;
    }
}
