package dev.mediaferry.derivatives;

import com.drew.imaging.ImageProcessingException;
import com.drew.imaging.jpeg.JpegSegmentReader;
import com.drew.imaging.jpeg.JpegSegmentType;
import com.drew.imaging.png.PngChunk;
import com.drew.imaging.png.PngChunkReader;
import com.drew.imaging.png.PngChunkType;
import com.drew.lang.SequentialByteArrayReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Where EXIF lies in pictures: each block of it is a small TIFF (CIPA DC-008, 4.5.2). Nothing is inflated on the way. */
final class ExifBlocks {

    /** What a block may begin with. */
    private static final byte[] NAME = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

    private static final int TIFF_LITTLE = 0x49492a00;
    private static final int TIFF_BIG = 0x4d4d002a;
    private static final int RIFF_HEADER = 12;
    private static final int RIFF_EXIF = 0x46495845;

    private ExifBlocks() {}

    static List<byte[]> of(String extension, byte[] file) throws IOException, ImageProcessingException {
        return switch (extension) {
            case "jpg" -> ofJpeg(file);
            case "png" -> ofPng(file);
            case "webp" -> ofWebp(file);
            case "tiff" -> List.of(file);
            case "heic", "heif", "avif" -> ofHeif(file);
            default -> List.of();
        };
    }

    private static List<byte[]> ofJpeg(byte[] file) throws IOException, ImageProcessingException {
        Iterable<byte[]> segments = JpegSegmentReader.readSegments(
                        new SequentialByteArrayReader(file), Set.of(JpegSegmentType.APP1))
                .getSegments(JpegSegmentType.APP1);
        return StreamSupport.stream(segments.spliterator(), false)
                .filter(segment -> beginsWithName(segment, 0))
                .map(ExifBlocks::unnamed)
                .toList();
    }

    private static List<byte[]> ofPng(byte[] file) throws IOException, ImageProcessingException {
        Iterable<PngChunk> chunks =
                new PngChunkReader().extract(new SequentialByteArrayReader(file), Set.of(PngChunkType.eXIf));
        return StreamSupport.stream(chunks.spliterator(), false)
                .map(PngChunk::getBytes)
                .toList();
    }

    private static List<byte[]> ofWebp(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        long at = RIFF_HEADER;
        while (at + 8 <= file.length) {
            long length = in.getInt((int) at + 4) & 0xffffffffL;
            if (in.getInt((int) at) == RIFF_EXIF) {
                long end = Math.min(file.length, at + 8 + length);
                return List.of(unnamed(Arrays.copyOfRange(file, (int) at + 8, (int) end)));
            }
            at += 8 + length + (length & 1);
        }
        return List.of();
    }

    /** Behind four bytes that say how many follow before it: none, or its name (ISO/IEC 23008-12, A.2.1). */
    private static List<byte[]> ofHeif(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        for (int at = NAME.length; at + 4 <= file.length; at++) {
            int word = in.getInt(at);
            if ((word == TIFF_LITTLE || word == TIFF_BIG)
                    && (in.getInt(at - 4) == 0 || beginsWithName(file, at - NAME.length))) {
                return List.of(Arrays.copyOfRange(file, at, file.length));
            }
        }
        return List.of();
    }

    private static byte[] unnamed(byte[] block) {
        return beginsWithName(block, 0) ? Arrays.copyOfRange(block, NAME.length, block.length) : block;
    }

    private static boolean beginsWithName(byte[] bytes, int at) {
        return bytes.length >= at + NAME.length && Arrays.equals(bytes, at, at + NAME.length, NAME, 0, NAME.length);
    }
}
