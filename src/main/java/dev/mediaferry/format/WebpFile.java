package dev.mediaferry.format;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The structure of a WebP file: chunks in one of RIFF (RFC 9649, section 2). */
public final class WebpFile {

    private static final int RIFF = fourCc("RIFF");
    private static final int WEBP = fourCc("WEBP");
    private static final int LOSSY = fourCc("VP8 ");
    private static final int LOSSLESS = fourCc("VP8L");
    private static final int EXTENDED = fourCc("VP8X");
    private static final int PROFILE = fourCc("ICCP");
    private static final int EXIF = fourCc("EXIF");
    private static final int XMP = fourCc("XMP ");
    private static final int MOTION = fourCc("ANIM");
    private static final int FRAME = fourCc("ANMF");

    private static final int HAS_MOTION = 0x02;
    private static final int HAS_ALPHA = 0x10;
    private static final int HAS_PROFILE = 0x20;
    private static final int HAS_EXIF = 0x08;

    private static final int HEADER = 12;
    private static final byte[] EXIF_NAME = {'E', 'x', 'i', 'f', 0, 0};

    private final ByteBuffer in;
    private int width;
    private int height;
    private int canvasWidth;
    private int canvasHeight;
    private int images;
    private Exif exif;
    private String xmp = "";
    private byte[] profile = Picture.NO_PROFILE;

    private WebpFile(byte[] file) {
        in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    public static Picture read(byte[] file) throws NotCompressible {
        WebpFile webp = new WebpFile(file);
        try {
            webp.readChunks();
        } catch (IndexOutOfBoundsException | BufferUnderflowException | IllegalArgumentException e) {
            throw new NotCompressible(SkipReason.DAMAGED, "its chunks end too early");
        }
        if (webp.images != 1) {
            throw new NotCompressible(SkipReason.DAMAGED, "it holds " + webp.images + " images");
        }
        if (webp.canvasWidth > 0 && (webp.canvasWidth != webp.width || webp.canvasHeight != webp.height)) {
            throw new NotCompressible(SkipReason.DAMAGED, "image and canvas differ in size");
        }
        Exif said = webp.exif == null ? Exif.NONE : webp.exif;
        Losses.checkXmp(webp.xmp, said.orientation());
        return new Picture(
                webp.width,
                webp.height,
                Math.max(1, said.orientation()),
                webp.profile,
                false,
                Density.of(null, said.resolution()));
    }

    private void readChunks() throws NotCompressible {
        if (in.getInt(0) != RIFF || in.getInt(8) != WEBP) {
            throw new NotCompressible(SkipReason.DAMAGED, "no RIFF header");
        }
        long end = 8 + (in.getInt(4) & 0xffffffffL);
        in.position(HEADER);
        while (in.position() + 8L <= end) {
            int type = in.getInt();
            int length = in.getInt();
            int start = in.position();
            if (length < 0 || length > in.remaining()) {
                throw new NotCompressible(SkipReason.DAMAGED, "it ends within a chunk");
            }
            readChunk(type, start, length);
            // Writers forget the byte that makes an odd length even.
            in.position(Math.min(in.limit(), start + length + (length & 1)));
        }
    }

    private void readChunk(int type, int at, int length) throws NotCompressible {
        if (type == EXTENDED) {
            if ((in.get(at) & HAS_MOTION) != 0) {
                throw new NotCompressible(SkipReason.ANIMATED, "an animated WebP");
            }
            canvasWidth = (in.getInt(at + 4) & 0xffffff) + 1;
            canvasHeight = (in.getInt(at + 6) >>> 8) + 1;
        } else if (type == MOTION || type == FRAME) {
            throw new NotCompressible(SkipReason.ANIMATED, "an animated WebP");
        } else if (type == LOSSY) {
            images++;
            width = in.getShort(at + 6) & 0x3fff;
            height = in.getShort(at + 8) & 0x3fff;
        } else if (type == LOSSLESS) {
            images++;
            int bits = in.getInt(at + 1);
            width = (bits & 0x3fff) + 1;
            height = (bits >> 14 & 0x3fff) + 1;
        } else if (type == PROFILE) {
            profile = Arrays.copyOfRange(in.array(), at, at + length);
        } else if (type == EXIF) {
            boolean named = length > EXIF_NAME.length
                    && Arrays.equals(in.array(), at, at + EXIF_NAME.length, EXIF_NAME, 0, EXIF_NAME.length);
            int skip = named ? EXIF_NAME.length : 0;
            exif = exif == null ? Exif.read(in.array(), at + skip, length - skip) : exif;
        } else if (type == XMP) {
            xmp = new String(in.array(), at, length, StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * @param profile empty for none
     * @param exif empty for none
     * @return the file in its extended form, with these
     */
    public static byte[] with(byte[] file, byte[] profile, byte[] exif) throws NotCompressible {
        Picture picture = read(file);
        WebpFile webp = new WebpFile(file);
        boolean extended = webp.in.getInt(HEADER) == EXTENDED;
        int rest = extended ? HEADER + 8 + webp.in.getInt(HEADER + 4) : HEADER;
        boolean alpha = extended
                ? (webp.in.get(HEADER + 8) & HAS_ALPHA) != 0
                : webp.in.getInt(HEADER) == LOSSLESS && (webp.in.getInt(HEADER + 9) >> 28 & 1) == 1;
        ByteArrayOutputStream body = new ByteArrayOutputStream(file.length + profile.length + 64);
        ByteBuffer header = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(EXTENDED)
                .putInt(10)
                .putInt((profile.length > 0 ? HAS_PROFILE : 0)
                        | (exif.length > 0 ? HAS_EXIF : 0)
                        | (alpha ? HAS_ALPHA : 0));
        put24(header, picture.width() - 1);
        put24(header, picture.height() - 1);
        body.writeBytes(header.array());
        chunk(body, PROFILE, profile);
        body.write(file, rest, file.length - rest);
        if ((body.size() & 1) == 1) {
            body.write(0);
        }
        chunk(body, EXIF, exif);
        return ByteBuffer.allocate(HEADER + body.size())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(RIFF)
                .putInt(4 + body.size())
                .putInt(WEBP)
                .put(body.toByteArray())
                .array();
    }

    private static void chunk(ByteArrayOutputStream out, int type, byte[] data) {
        if (data.length == 0) {
            return;
        }
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(type)
                .putInt(data.length)
                .array());
        out.writeBytes(data);
        if ((data.length & 1) == 1) {
            out.write(0);
        }
    }

    private static void put24(ByteBuffer out, int value) {
        out.put((byte) value).put((byte) (value >> 8)).put((byte) (value >> 16));
    }

    private static int fourCc(String name) {
        return name.charAt(0) | name.charAt(1) << 8 | name.charAt(2) << 16 | name.charAt(3) << 24;
    }
}
