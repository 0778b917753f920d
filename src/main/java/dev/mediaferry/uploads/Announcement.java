package dev.mediaferry.uploads;

import dev.mediaferry.api.ProblemException;
import dev.mediaferry.api.ProblemType;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a client says it is about to upload.
 *
 * @param fileName for display, sanitised: it never becomes a path; null where there is none
 * @param fileType as in Content-Type, in small letters and without parameters
 * @param fileSize bytes; null where the client does not say
 * @param mediaType a name of the registry's uploads
 * @param sha256 of the bytes, 64 hexadecimal digits; null where the client does not say
 * @param multipart true to send it part by part, however small; null for false
 */
record Announcement(
        String fileName, String fileType, Long fileSize, String mediaType, String sha256, Boolean multipart) {

    private static final Pattern TYPE = Pattern.compile("[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*");
    private static final int LONGEST_NAME = 255;

    Announcement {
        fileName = shown(fileName);
        fileType = type(needed(fileType, "fileType"));
        if (fileSize != null && fileSize <= 0) {
            throw invalid("fileSize is " + fileSize + ", but must be at least 1");
        }
        needed(mediaType, "mediaType");
        if (sha256 != null && !sha256.matches("[0-9a-f]{64}")) {
            throw invalid("sha256 must be 64 hexadecimal digits in small letters");
        }
    }

    /** @throws ProblemException when it says no size */
    Announcement sized() {
        needed(fileSize, "fileSize");
        return this;
    }

    boolean isMultipart() {
        return Boolean.TRUE.equals(multipart);
    }

    private static String type(String given) {
        String type = given.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
        if (!TYPE.matcher(type).matches()) {
            throw invalid("fileType must be a type like image/jpeg");
        }
        return type.equals("image/jpg") ? "image/jpeg" : type;
    }

    /** The last part of what may be a path, without what steers a terminal or turns the direction of text. */
    private static String shown(String given) {
        if (given == null) {
            return null;
        }
        String name = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
        String clean = Normalizer.normalize(name, Normalizer.Form.NFC)
                .replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "")
                .strip();
        String bounded = clean.codePointCount(0, clean.length()) > LONGEST_NAME
                ? clean.substring(0, clean.offsetByCodePoints(0, LONGEST_NAME))
                : clean;
        return bounded.isEmpty() ? null : bounded;
    }

    private static <T> T needed(T value, String name) {
        if (value == null) {
            throw invalid("the body lacks " + name);
        }
        return value;
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ProblemType.INVALID_REQUEST, detail);
    }
}
