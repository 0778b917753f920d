package dev.mediaferry.registry;

import dev.mediaferry.object.DerivativeKeyTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What is made of the pictures and films of those types and entries that name it.
 *
 * @param line where it stands in the file, from 1
 * @param thumbnails longest sides in pixels, ascending; of a film, of its poster
 * @param formats of thumbnails and posters
 * @param square true to cut thumbnails to squares from the middle; false to fit them within
 * @param optimized format of a picture's full size; empty for none
 * @param background that what is transparent is laid on in formats without transparency, as 0xRRGGBB
 * @param location true when the metadata of a medium may say where it was taken
 * @param poster where in a film its poster is, in percent of its duration; empty for none
 * @param renditions heights of films in pixels, ascending
 * @param hls true for films that are cut into segments, with playlists
 * @param thumbnailKey how keys of pictures are made
 * @param renditionKey how keys of films begin
 */
public record Derivation(
        int line,
        String name,
        List<Integer> thumbnails,
        List<PictureFormat> formats,
        boolean square,
        Optional<PictureFormat> optimized,
        int background,
        boolean location,
        OptionalInt poster,
        List<Integer> renditions,
        boolean hls,
        DerivativeKeyTemplate thumbnailKey,
        DerivativeKeyTemplate renditionKey) {

    public static final int WHITE = 0xffffff;

    /** Makes nothing. */
    public static final Derivation NOTHING = new Derivation(
            0,
            "nothing",
            List.of(),
            List.of(),
            false,
            Optional.empty(),
            WHITE,
            false,
            OptionalInt.empty(),
            List.of(),
            false,
            new DerivativeKeyTemplate(DerivativeKeyTemplate.THUMBNAILS),
            new DerivativeKeyTemplate(DerivativeKeyTemplate.RENDITIONS));

    /** Derivatives that one job makes. */
    public enum Kind {
        /** All sizes of a picture. */
        PICTURES,
        /** A picture of a film, in all sizes. */
        POSTER,
        /** A film in one size. */
        RENDITION;

        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        public static Kind ofLabel(String label) {
            return valueOf(label.toUpperCase(java.util.Locale.ROOT));
        }
    }

    /**
     * A job of each object whose type begins so.
     *
     * @param content like {@code image/}
     * @param part the height of a rendition; else empty
     * @param priority small ones first
     * @param required true when a medium waits for it
     */
    public record Group(String content, Kind kind, String part, int priority, boolean required) {}

    public Derivation {
        thumbnails = thumbnails.stream().sorted().toList();
        formats = List.copyOf(formats);
        renditions = renditions.stream().sorted().toList();
    }

    /** True when something is made of films. */
    public boolean isOfFilms() {
        return poster.isPresent() || !renditions.isEmpty();
    }

    /** True when something is made of pictures. */
    public boolean isOfPictures() {
        return groups().stream().anyMatch(group -> group.content().startsWith("image/"));
    }

    /** @return the jobs of an object, whatever its type */
    public List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        if (!thumbnails.isEmpty() || optimized.isPresent()) {
            groups.add(new Group("image/", Kind.PICTURES, "", 0, true));
        }
        if (poster.isPresent()) {
            groups.add(new Group("video/", Kind.POSTER, "", 0, true));
        }
        IntStream.range(0, renditions.size())
                .forEach(i -> groups.add(
                        new Group("video/", Kind.RENDITION, Integer.toString(renditions.get(i)), 10 + i, i == 0)));
        return groups;
    }

    /** True when something is made of objects of this type. Of what may run scripts nothing is: nobody looks into it. */
    public static boolean isMadeOf(String contentType, Group group) {
        return contentType.startsWith(group.content()) && !contentType.equals("image/svg+xml");
    }
}
