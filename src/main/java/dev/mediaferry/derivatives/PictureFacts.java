package dev.mediaferry.derivatives;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.lang.GeoLocation;
import com.drew.metadata.Directory;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifSubIFDDirectory;
import com.drew.metadata.exif.GpsDirectory;
import com.drew.metadata.icc.IccDirectory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a camera has written into a picture. All of it is data: lengths are cut, and what cannot be read is left out. */
public final class PictureFacts {

    private static final Logger LOG = LoggerFactory.getLogger(PictureFacts.class);

    private static final int LONGEST = 200;
    static final int UPRIGHT = 1;
    private static final int LAST = 8;

    private final Metadata metadata;

    private PictureFacts(Metadata metadata) {
        this.metadata = metadata;
    }

    public static PictureFacts of(byte[] file) {
        try {
            return new PictureFacts(ImageMetadataReader.readMetadata(new ByteArrayInputStream(file), file.length));
        } catch (ImageProcessingException | IOException | RuntimeException e) {
            // Viewers show what has nonsense for metadata, too.
            LOG.debug("the metadata of a picture cannot be read", e);
            return new PictureFacts(new Metadata());
        }
    }

    /** @return 1 to 8 as in EXIF, 1 being upright */
    public int orientation() {
        return metadata.getDirectoriesOfType(ExifIFD0Directory.class).stream()
                .map(directory -> directory.getInteger(ExifIFD0Directory.TAG_ORIENTATION))
                .filter(value -> value != null && value >= UPRIGHT && value <= LAST)
                .findFirst()
                .orElse(UPRIGHT);
    }

    /** True for a grey TIFF of which 0 is white. */
    boolean isZeroWhite() {
        return metadata.getDirectoriesOfType(ExifIFD0Directory.class).stream()
                .map(directory -> directory.getInteger(ExifIFD0Directory.TAG_PHOTOMETRIC_INTERPRETATION))
                .anyMatch(value -> value != null && value == 0);
    }

    /** @param location true to say where it was taken as well @return for the metadata of a medium */
    Map<String, Object> metadata(boolean location) {
        Map<String, Object> facts = new LinkedHashMap<>();
        put(facts, "make", text(ExifIFD0Directory.class, ExifIFD0Directory.TAG_MAKE));
        put(facts, "model", text(ExifIFD0Directory.class, ExifIFD0Directory.TAG_MODEL));
        put(facts, "takenAt", taken());
        put(facts, "colour", text(IccDirectory.class, IccDirectory.TAG_TAG_desc));
        if (orientation() != UPRIGHT) {
            facts.put("orientation", orientation());
        }
        if (location) {
            place().ifPresent(place ->
                    facts.put("location", Map.of("latitude", place.getLatitude(), "longitude", place.getLongitude())));
        }
        return facts;
    }

    private Optional<GeoLocation> place() {
        return Optional.ofNullable(metadata.getFirstDirectoryOfType(GpsDirectory.class))
                .map(GpsDirectory::getGeoLocation)
                .filter(place -> !place.isZero());
    }

    private Optional<String> taken() {
        return Optional.ofNullable(metadata.getFirstDirectoryOfType(ExifSubIFDDirectory.class))
                .map(ExifSubIFDDirectory::getDateOriginal)
                .map(date -> date.toInstant().toString());
    }

    private Optional<String> text(Class<? extends Directory> type, int tag) {
        return metadata.getDirectoriesOfType(type).stream()
                .map(directory -> directory.getString(tag))
                .filter(value -> value != null && !value.isBlank())
                .map(value -> value.replaceAll("\\p{Cntrl}", "").strip())
                .map(value -> value.substring(0, Math.min(value.length(), LONGEST)))
                .findFirst();
    }

    private static void put(Map<String, Object> facts, String name, Optional<String> value) {
        value.ifPresent(text -> facts.put(name, text));
    }
}
