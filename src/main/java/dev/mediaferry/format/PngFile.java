package dev.mediaferry.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * A PNG file (https://www.w3.org/TR/png-3/), written anew with the same pixels: rows pass one by one, so that memory depends
 * on the width, not on the number of pixels. SkipReason is what says which colours the numbers mean, and how large a pixel is.
 */
public final class PngFile {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    /** As JPEG has it; rows of this width, of which some are in memory, have half a megabyte. */
    private static final int MOST_WIDTH = 65_535;

    /** What tells colours stands before the palette, the rest behind it. */
    private static final Set<String> COLOUR = Set.of("cICP", "mDCV", "cLLI", "iCCP", "sRGB", "gAMA", "cHRM");

    private static final Set<String> CRITICAL = Set.of("IHDR", "PLTE", "IDAT", "IEND");
    private static final Set<String> TEXT = Set.of("tEXt", "zTXt", "iTXt");
    private static final Set<String> KEPT = Set.of("IHDR", "PLTE", "IDAT", "IEND", "tRNS", "pHYs", "eXIf");

    /** Time, background, statistics, suggestions and what programs note for themselves. */
    private static final Set<String> DESCRIBING = Set.of(
            "tIME", "bKGD", "hIST", "sPLT", "sBIT", "oFFs", "pCAL", "sCAL", "dSIG", "gIFg", "gIFx", "gIFt", "iDOT",
            "vpAg", "caNv", "orNT", "tpNG");

    private static final Set<String> ANIMATION = Set.of("acTL", "fcTL", "fdAT");

    record Chunk(String type, int start, int length) {}

    private final byte[] file;
    private final List<Chunk> chunks = new ArrayList<>();

    private PngFile(byte[] file) throws NotCompressible {
        this.file = file;
        ByteBuffer in = ByteBuffer.wrap(file);
        CRC32 crc = new CRC32();
        int at = SIGNATURE.length;
        while (chunks.isEmpty() || !chunks.get(chunks.size() - 1).type().equals("IEND")) {
            if (at + 12 > file.length || in.getInt(at) < 0 || in.getInt(at) > file.length - at - 12) {
                throw new NotCompressible(SkipReason.DAMAGED, "it ends within a chunk");
            }
            int length = in.getInt(at);
            crc.reset();
            crc.update(file, at + 4, 4 + length);
            String type = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
            if ((int) crc.getValue() != in.getInt(at + 8 + length)) {
                throw new NotCompressible(SkipReason.DAMAGED, "the checksum of its chunk " + type + " is wrong");
            }
            check(type);
            chunks.add(new Chunk(type, at + 8, length));
            at += 12 + length;
        }
    }

    private static void check(String type) throws NotCompressible {
        if (ANIMATION.contains(type)) {
            throw new NotCompressible(SkipReason.ANIMATED, "an animated PNG");
        }
        boolean critical = Character.isUpperCase(type.charAt(0));
        if (critical && !CRITICAL.contains(type)) {
            throw new NotCompressible(SkipReason.FORM, "an unknown critical chunk");
        }
    }

    /**
     * @param most attempts end where they have more bytes than this
     * @return the smallest form that was found
     */
    public static byte[] smaller(byte[] file, int maxPixels, long most) throws NotCompressible {
        PngFile png = new PngFile(file);
        png.checkLosses();
        PngForm form = png.form();
        new Picture(form.width(), form.height(), 1, Picture.NO_PROFILE).within(maxPixels);
        if (form.width() > MOST_WIDTH) {
            throw new NotCompressible(SkipReason.FORM, "more than " + MOST_WIDTH + " pixels wide");
        }
        PngColours colours = new PngColours(form, png.has("tRNS"), png.has("iCCP"));
        if (colours.canBeReduced()) {
            png.rows(form).forEach(colours::look);
        }
        PngReduction reduction = colours.reduction();
        PngEncoder filtered = new PngEncoder(reduction.form(), PngEncoder.Filters.BEST, most);
        PngEncoder plain = new PngEncoder(
                reduction.form(), reduction.isNone() ? PngEncoder.Filters.AS_BEFORE : PngEncoder.Filters.NONE, most);
        try (filtered;
                plain) {
            png.rows(form).forEach(row -> {
                PngRows.Row reduced = reduction.apply(row);
                filtered.add(reduced);
                plain.add(reduced);
            });
            byte[] data = filtered.finish();
            byte[] other = plain.finish();
            return png.with(reduction, data == null || (other != null && other.length < data.length) ? other : data);
        }
    }

    private PngForm form() throws NotCompressible {
        Chunk header = chunks.get(0);
        if (!header.type().equals("IHDR") || header.length() != 13) {
            throw new NotCompressible(SkipReason.DAMAGED, "it does not begin with its header");
        }
        ByteBuffer in = ByteBuffer.wrap(file, header.start(), 13);
        return PngForm.of(in.getInt(), in.getInt(), in.get(), in.get(), in.getShort(), in.get());
    }

    private PngRows rows(PngForm form) {
        return new PngRows(
                form,
                file,
                chunks.stream().filter(chunk -> chunk.type().equals("IDAT")).toList());
    }

    private boolean has(String type) {
        return chunks.stream().anyMatch(chunk -> chunk.type().equals(type));
    }

    /** What is dropped only describes; of what turns the picture in some viewers, each says so in its own place. */
    private void checkLosses() throws NotCompressible {
        int turned = 0;
        StringBuilder xmp = new StringBuilder();
        for (Chunk chunk : chunks) {
            if (TEXT.contains(chunk.type())) {
                String keyword = PngTexts.keyword(file, chunk.start(), chunk.length());
                if (PngTexts.isXmp(keyword)) {
                    xmp.append(PngTexts.text(chunk.type(), file, chunk.start(), chunk.length()));
                } else if (PngTexts.isExif(keyword)) {
                    turned = Math.max(
                            turned,
                            PngTexts.orientation(PngTexts.text(chunk.type(), file, chunk.start(), chunk.length())));
                }
            } else if (chunk.type().equals("eXIf")) {
                turned = Math.max(
                        turned, Exif.read(file, chunk.start(), chunk.length()).orientation());
            } else if (!KEPT.contains(chunk.type())
                    && !COLOUR.contains(chunk.type())
                    && !DESCRIBING.contains(chunk.type())) {
                throw new NotCompressible(SkipReason.FORM, "its chunk " + chunk.type() + " would be lost");
            }
        }
        Losses.checkXmp(xmp.toString(), turned);
    }

    /** @param data null when all attempts came out too large */
    private byte[] with(PngReduction reduction, byte[] data) throws NotCompressible {
        if (data == null) {
            throw new NotCompressible(SkipReason.SAVING, "less would be saved than is asked for");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + 1024);
        out.writeBytes(SIGNATURE);
        write(out, "IHDR", reduction.form().header());
        for (Chunk chunk : chunks) {
            if (COLOUR.contains(chunk.type())) {
                write(out, chunk.type(), bytes(chunk));
            }
        }
        if (reduction.isNone()) {
            for (Chunk chunk : chunks) {
                if (chunk.type().equals("PLTE") || chunk.type().equals("tRNS")) {
                    write(out, chunk.type(), bytes(chunk));
                }
            }
        } else if (reduction.palette().length > 0) {
            write(out, "PLTE", reduction.paletteColours());
            if (reduction.paletteAlpha().length > 0) {
                write(out, "tRNS", reduction.paletteAlpha());
            }
        }
        for (Chunk chunk : chunks) {
            if (chunk.type().equals("pHYs")) {
                write(out, chunk.type(), bytes(chunk));
            } else if (chunk.type().equals("eXIf")) {
                // Some viewers turn a PNG by it, some do not: what each of them shows stays the same.
                int orientation = Exif.orientation(file, chunk.start(), chunk.length());
                if (orientation != 1) {
                    write(out, chunk.type(), Exif.withOrientation(orientation));
                }
            } else if (TEXT.contains(chunk.type())) {
                writeTurned(out, chunk);
            }
        }
        write(out, "IDAT", data);
        write(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private void writeTurned(ByteArrayOutputStream out, Chunk chunk) {
        String keyword = PngTexts.keyword(file, chunk.start(), chunk.length());
        if (PngTexts.isExif(keyword)) {
            int orientation = PngTexts.orientation(PngTexts.text(chunk.type(), file, chunk.start(), chunk.length()));
            if (orientation > 1) {
                write(out, "zTXt", PngTexts.chunk(keyword, orientation));
            }
        }
    }

    private byte[] bytes(Chunk chunk) {
        return Arrays.copyOfRange(file, chunk.start(), chunk.start() + chunk.length());
    }

    private static void write(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
