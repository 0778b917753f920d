package dev.mediaferry.video;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.format.HeifOutline;
import dev.mediaferry.format.NotCompressible;
import dev.mediaferry.format.SkipReason;
import dev.mediaferry.settings.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decodes HEIC and AVIF pictures by libheif's program, a child under the same bounds as those for films. It may be installed while this
 * process runs, so while it is missing it is looked for again.
 */
public final class HeifTools {

    /** Types of pictures by the extensions of their keys. */
    public static final Set<String> TYPES = Set.of("heic", "heif", "avif");

    /** The newer name first. */
    private static final List<String> PROGRAMS = List.of("heif-dec", "heif-convert");

    private static final String INSTALL =
            "HEIC and AVIF pictures need heif-convert: install libheif-examples, or name it by mediaferry.derivatives.heif-convert, then run:"
                    + " mediaferry derive --missing";

    private static final String INSTALL_DECODER = "heif-convert has no decoder for this picture: install"
            + " libheif-plugin-libde265 (HEIC) and libheif-plugin-aomdec (AVIF), then run: mediaferry derive --missing";

    /** What is no film takes seconds. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Optional<Path> program;
    private final VideoSettings settings;
    private final Path spool;
    private Sandbox sandbox;

    /**
     * @param program empty for the one on the search path
     * @param spool where its directories lie
     */
    public HeifTools(Optional<Path> program, VideoSettings settings, Path spool) {
        this.program = program;
        this.settings = settings;
        this.spool = spool;
    }

    /** @throws ConfigurationException when a setting names a program that is none */
    public static HeifTools of(Settings settings, Path spool) {
        return new HeifTools(settings.program("derivatives.heif-convert"), VideoSettings.of(settings), spool);
    }

    /**
     * A picture as other decoders know it: upright, with its colour profile, and without what is not seen of it.
     *
     * @param extension {@code jpg}, or {@code png} where it is transparent
     */
    public record Decoded(String extension, byte[] file) {}

    /**
     * @param file whose header says that it is not too large
     * @throws FilmException when it cannot be decoded here, now or at all
     * @throws NotCompressible when the decoder refuses it
     */
    public Decoded decode(byte[] file) throws NotCompressible {
        Path tool = tool();
        // Of the best quality it is some megabytes, and no thumbnail shows what it lacks.
        String extension = HeifOutline.hasAlpha(file) ? "png" : "jpg";
        Bounds bounds = new Bounds(settings.timeout(), settings.memory(), settings.scratch()).within(LONGEST);
        try (Scratch scratch = Scratch.in(spool)) {
            scratch.write(new ByteArrayInputStream(file));
            StringBuilder said = new StringBuilder();
            List<String> command = List.of(tool.toString(), "-q", "100", Scratch.SOURCE, "picture." + extension);
            Child.Ended ended = Child.run(
                    tool.getFileName().toString(),
                    sandbox().wrap(command, bounds),
                    scratch.directory(),
                    bounds,
                    line -> said.append(line).append('\n'));
            Optional<Path> made = made(scratch, extension);
            if (ended.status() != 0 || made.isEmpty()) {
                throw refused(ended, said.toString());
            }
            return new Decoded(extension, Files.readAllBytes(made.get()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of a file with several pictures each has a number; the first one is shown. */
    private static Optional<Path> made(Scratch scratch, String extension) {
        return Stream.of("picture.", "picture-1.")
                .map(name -> scratch.directory().resolve(name + extension))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static NotCompressible refused(Child.Ended ended, String said) {
        String all = said + ended.errors();
        String lower = all.toLowerCase(Locale.ROOT);
        if (lower.contains("decoding plugin") || lower.contains("unsupported codec")) {
            throw new FilmException(FilmFault.UNAVAILABLE, INSTALL_DECODER);
        }
        if (ended.wasKilled() || lower.contains("memory allocation") || lower.contains("bad_alloc")) {
            throw new FilmException(
                    FilmFault.FAILED,
                    "heif-convert ended with " + ended.status()
                            + ", or needs more memory than mediaferry.video.memory");
        }
        return new NotCompressible(SkipReason.DAMAGED, "the decoder refuses it: " + Complaints.last(all));
    }

    /** @return what an operator wants to know of it, in a sentence */
    public String sentence() {
        try {
            return "HEIC and AVIF are decoded by " + tool();
        } catch (FilmException e) {
            return "HEIC and AVIF have no thumbnails: " + e.getMessage();
        }
    }

    private Path tool() {
        return program.or(() -> PROGRAMS.stream()
                        .flatMap(name -> Sandbox.program(name, settings.searchPath()).stream())
                        .findFirst())
                .orElseThrow(() -> new FilmException(FilmFault.UNAVAILABLE, INSTALL));
    }

    private synchronized Sandbox sandbox() {
        if (sandbox == null) {
            sandbox = Sandbox.find(settings.searchPath());
        }
        return sandbox;
    }
}
