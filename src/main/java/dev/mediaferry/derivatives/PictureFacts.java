package dev.mediaferry.derivatives;

import com.drew.imaging.ImageProcessingException;
import com.drew.imaging.tiff.TiffReader;
import com.drew.lang.ByteArrayReader;
import com.drew.lang.GeoLocation;
import com.drew.lang.RandomAccessReader;
import com.drew.metadata.Directory;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifDirectoryBase;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifSubIFDDirectory;
import com.drew.metadata.exif.ExifTiffHandler;
import com.drew.metadata.exif.GpsDirectory;
import com.drew.metadata.icc.IccDirectory;
import com.drew.metadata.icc.IccReader;
import dev.mediaferry.content.MediaType;
import dev.mediaferry.format.ColourProfile;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
        Metadata metadata = new Metadata();
        String extension = MediaType.of(Arrays.copyOf(file, Math.min(file.length, MediaType.HEAD_LENGTH)))
                .orElse(MediaType.UNKNOWN)
                .extension();
        try {
            for (byte[] exif : ExifBlocks.of(extension, file)) {
                new TiffReader().processTiff(new ByteArrayReader(exif), new Camera(metadata), 0);
            }
            ColourProfile.of(extension, file)
                    .ifPresent(profile -> new IccReader().extract(new ByteArrayReader(profile), metadata));
        } catch (ImageProcessingException | IOException | RuntimeException e) {
            // Viewers show what has nonsense for metadata, too.
            LOG.debug("the metadata of a picture cannot be read", e);
        }
        return new PictureFacts(metadata);
    }

    /**
     * Reads two directories of EXIF and the first one. What lies in them in other forms is left alone: XMP may be as long as its writer
     * likes, and its parser takes hours for it; directories may lead to each other without an end.
     */
    private static final class Camera extends ExifTiffHandler {

        private static final Set<Integer> OTHER_FORMS = Set.of(
                ExifDirectoryBase.TAG_APPLICATION_NOTES,
                ExifDirectoryBase.TAG_IPTC_NAA,
                ExifDirectoryBase.TAG_PHOTOSHOP_SETTINGS,
                ExifDirectoryBase.TAG_MAKERNOTE);

        Camera(Metadata metadata) {
            super(metadata, null, 0);
        }

        @Override
        public boolean tryEnterSubIfd(int tag) {
            return _currentDirectory instanceof ExifIFD0Directory
                    && (tag == ExifIFD0Directory.TAG_EXIF_SUB_IFD_OFFSET
                            || tag == ExifIFD0Directory.TAG_GPS_INFO_OFFSET)
                    && super.tryEnterSubIfd(tag);
        }

        @Override
        public boolean hasFollowerIfd() {
            return false;
        }

        @Override
        public boolean customProcessTag(
                int offset, Set<Integer> directories, int header, RandomAccessReader reader, int tag, int bytes)
                throws IOException {
            return OTHER_FORMS.contains(tag)
                    || (tag == ExifDirectoryBase.TAG_INTER_COLOR_PROFILE
                            && super.customProcessTag(offset, directories, header, reader, tag, bytes));
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
