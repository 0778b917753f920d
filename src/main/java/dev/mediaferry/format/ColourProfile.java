package dev.mediaferry.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The ICC profile that a picture holds, found as leniently as viewers do. */
public final class ColourProfile {

    /** Those of printers have hundreds of kilobytes. */
    private static final int LARGEST = 8 << 20;

    private static final byte[] JPEG_NAME = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);

    private ColourProfile() {}

    /**
     * @param extension of the type of the file
     * @return empty when it holds none, or none that is whole
     */
    public static Optional<byte[]> of(String extension, byte[] file) {
        try {
            byte[] profile =
                    switch (extension) {
                        case "jpg" -> ofJpeg(file);
                        case "png" -> ofPng(file);
                        case "webp" -> ofWebp(file);
                        default -> new byte[0];
                    };
            return Optional.of(profile).filter(found -> found.length > 128 && found.length <= LARGEST);
        } catch (IndexOutOfBoundsException | DataFormatException e) {
            return Optional.empty();
        }
    }

    /** In parts, each with its number. */
    private static byte[] ofJpeg(byte[] file) {
        Map<Integer, byte[]> parts = new TreeMap<>();
        int at = 2;
        while (at + 4 < file.length && (file[at] & 0xff) == 0xff) {
            int marker = file[at + 1] & 0xff;
            if (marker == 0xff) {
                at++;
                continue;
            }
            if (marker == 0xda || marker == 0xd9) {
                break;
            }
            int length = (file[at + 2] & 0xff) << 8 | (file[at + 3] & 0xff);
            int start = at + 4;
            int data = start + JPEG_NAME.length + 2;
            if (marker == 0xe2
                    && data < at + 2 + length
                    && Arrays.equals(file, start, start + JPEG_NAME.length, JPEG_NAME, 0, JPEG_NAME.length)) {
                parts.put(file[start + JPEG_NAME.length] & 0xff, Arrays.copyOfRange(file, data, at + 2 + length));
            }
            at += 2 + length;
        }
        ByteArrayOutputStream profile = new ByteArrayOutputStream();
        parts.values().forEach(profile::writeBytes);
        return profile.toByteArray();
    }

    private static byte[] ofPng(byte[] file) throws DataFormatException {
        ByteBuffer in = ByteBuffer.wrap(file);
        int at = 8;
        while (at + 12 <= file.length) {
            int length = in.getInt(at);
            int type = in.getInt(at + 4);
            if (length < 0 || type == 0x49444154) {
                break;
            }
            if (type == 0x69434350) {
                int name = at + 8;
                while (file[name] != 0) {
                    name++;
                }
                return inflated(file, name + 2, at + 8 + length);
            }
            at = Math.addExact(at, length + 12);
        }
        return new byte[0];
    }

    private static byte[] inflated(byte[] file, int from, int to) throws DataFormatException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(file, from, to - from);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            int count = inflater.inflate(buffer);
            while (count > 0 && out.size() <= LARGEST) {
                out.write(buffer, 0, count);
                count = inflater.inflate(buffer);
            }
            return out.toByteArray();
        } finally {
            inflater.end();
        }
    }

    private static byte[] ofWebp(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int at = 12;
        while (at + 8 <= file.length) {
            int length = in.getInt(at + 4);
            if (length < 0) {
                break;
            }
            if (in.getInt(at) == 0x50434349) {
                return Arrays.copyOfRange(file, at + 8, Math.min(file.length, at + 8 + length));
            }
            at = Math.addExact(at + 8, length + (length & 1));
        }
        return new byte[0];
    }
}
