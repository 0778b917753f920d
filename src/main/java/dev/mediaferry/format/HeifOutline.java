package dev.mediaferry.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The structure of a HEIC or AVIF file: boxes, among them the properties of its pictures (ISO/IEC 23008-12, 6.5 and 9.3). */
public final class HeifOutline {

    private static final int HEADER = 8;

    /** With its version and flags. */
    private static final int FULL_HEADER = 12;

    /** There are few boxes; a file of thousands is made to be a burden. */
    private static final int MOST_BOXES = 2_000;

    private static final String ALPHA = "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha";
    private static final String ALPHA_OF_HEVC = "urn:mpeg:hevc:2015:auxid:1";

    private HeifOutline() {}

    /** @param start of what it holds, behind its header */
    private record Box(String type, long start, long end) {}

    /** @return the size of the largest picture in it: tiles and previews are smaller, and what is seen is at most that large */
    public static Structure read(Bytes bytes) throws IOException {
        Structure largest = Structure.UNKNOWN;
        for (Box property : properties(bytes)) {
            if (property.type.equals("ispe") && property.end - property.start >= FULL_HEADER) {
                Structure one = new Structure(bytes.u32(property.start + 4), bytes.u32(property.start + 8), true);
                if (area(one) > area(largest)) {
                    largest = one;
                }
            }
        }
        return largest;
    }

    private static double area(Structure structure) {
        return (double) structure.width() * structure.height();
    }

    /** True when one of its pictures says how transparent another is. */
    public static boolean hasAlpha(byte[] file) {
        try (Bytes bytes = Bytes.of(file, file.length)) {
            for (Box property : properties(bytes)) {
                if (property.type.equals("auxC")) {
                    String text = new String(
                            file,
                            (int) property.start,
                            (int) (property.end - property.start),
                            StandardCharsets.ISO_8859_1);
                    if (text.contains(ALPHA) || text.contains(ALPHA_OF_HEVC)) {
                        return true;
                    }
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Box> properties(Bytes bytes) throws IOException {
        for (Box meta : boxes(bytes, 0, bytes.length())) {
            if (meta.type.equals("meta")) {
                for (Box iprp : boxes(bytes, meta.start + FULL_HEADER - HEADER, meta.end)) {
                    if (iprp.type.equals("iprp")) {
                        for (Box ipco : boxes(bytes, iprp.start, iprp.end)) {
                            if (ipco.type.equals("ipco")) {
                                return boxes(bytes, ipco.start, ipco.end);
                            }
                        }
                    }
                }
            }
        }
        return List.of();
    }

    private static List<Box> boxes(Bytes bytes, long from, long to) throws IOException {
        List<Box> boxes = new ArrayList<>();
        long at = from;
        while (at + HEADER <= to && boxes.size() < MOST_BOXES) {
            long size = bytes.u32(at);
            // The last one may say 0, which means: up to the end; 1 says that its size is 64 bits, as no property's is.
            long end = size == 0 ? to : at + size;
            if (size == 1 || (size != 0 && size < HEADER) || end > to) {
                break;
            }
            boxes.add(new Box(type(bytes, at + 4), at + HEADER, end));
            at = end;
        }
        return boxes;
    }

    private static String type(Bytes bytes, long at) throws IOException {
        char[] type = new char[4];
        for (int i = 0; i < type.length; i++) {
            type[i] = (char) bytes.at(at + i);
        }
        return new String(type);
    }
}
