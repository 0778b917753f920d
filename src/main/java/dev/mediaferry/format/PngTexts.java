package dev.mediaferry.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;

/**
 * Texts in a PNG that say how the picture is turned: EXIF data as ImageMagick and exiv2 write it ("raw profiles", in
 * hexadecimal), and XMP.
 */
public final class PngTexts {

    private static final String XMP = "XML:com.adobe.xmp";
    private static final byte[] EXIF_NAME = {'E', 'x', 'i', 'f', 0, 0};

    /** Of a text that is taken out of its compression. */
    private static final int MOST = 4_000_000;

    private PngTexts() {}

    /** @return the keyword of a chunk tEXt, zTXt or iTXt */
    public static String keyword(byte[] file, int start, int length) {
        int end = start;
        while (end < start + length && file[end] != 0) {
            end++;
        }
        return new String(file, start, end - start, StandardCharsets.ISO_8859_1);
    }

    static boolean isExif(String keyword) {
        return keyword.equals("Raw profile type exif") || keyword.equals("Raw profile type APP1");
    }

    static boolean isXmp(String keyword) {
        return keyword.equals(XMP) || keyword.equals("Raw profile type xmp");
    }

    /** @return what a chunk says; empty where it cannot be read */
    public static String text(String type, byte[] file, int start, int length) {
        int at = start + keyword(file, start, length).length() + 1;
        int end = start + length;
        boolean compressed = type.equals("zTXt");
        if (type.equals("zTXt")) {
            at++;
        } else if (type.equals("iTXt")) {
            compressed = at < end && file[at] == 1;
            at += 2;
            for (int zeros = 0; at < end && zeros < 2; at++) {
                zeros += file[at] == 0 ? 1 : 0;
            }
        }
        if (at >= end) {
            return "";
        }
        byte[] bytes = compressed ? inflated(file, at, end - at) : Arrays.copyOfRange(file, at, end);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** @return the orientation that a raw profile holds; 0 when it says nothing */
    public static int orientation(String rawProfile) {
        // A name and the number of bytes stand in lines of their own before them.
        String[] lines = rawProfile.strip().split("\\n", 3);
        String digits = lines.length < 3 ? "" : lines[2].replaceAll("\\s", "");
        if (digits.isEmpty() || !digits.matches("(?:[0-9a-fA-F]{2})+")) {
            return 0;
        }
        byte[] exif = HexFormat.of().parseHex(digits);
        boolean named = exif.length > EXIF_NAME.length
                && Arrays.equals(exif, 0, EXIF_NAME.length, EXIF_NAME, 0, EXIF_NAME.length);
        int skip = named ? EXIF_NAME.length : 0;
        return Exif.read(exif, skip, exif.length - skip).orientation();
    }

    /** @return the data of a chunk zTXt that says under the same keyword how the picture is turned, and nothing else */
    public static byte[] chunk(String keyword, int orientation) {
        byte[] exif = Exif.withOrientation(orientation);
        String hex = HexFormat.of().formatHex(EXIF_NAME) + HexFormat.of().formatHex(exif);
        String name = keyword.substring(keyword.lastIndexOf(' ') + 1);
        String text = "\n%s\n%8d\n%s\n".formatted(name, EXIF_NAME.length + exif.length, hex);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(keyword.getBytes(StandardCharsets.ISO_8859_1));
        out.write(0);
        out.write(0);
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(out, new Deflater(Deflater.BEST_COMPRESSION))) {
            deflated.write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] inflated(byte[] file, int at, int length) {
        Inflater inflater = new Inflater();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        inflater.setInput(file, at, length);
        try {
            for (int count = inflater.inflate(buffer);
                    count > 0 && out.size() < MOST;
                    count = inflater.inflate(buffer)) {
                out.write(buffer, 0, count);
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            return new byte[0];
        } finally {
            inflater.end();
        }
    }
}
