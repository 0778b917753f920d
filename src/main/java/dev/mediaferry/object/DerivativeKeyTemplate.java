package dev.mediaferry.object;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the keys of derivatives are made, like <code>thumbnails/{key}/{size}.{ext}</code>. The key of the original is in it, so that two
 * originals never meet.
 */
public record DerivativeKeyTemplate(String template) {

    public static final String THUMBNAILS = "thumbnails/{key}/{size}.{ext}";
    public static final String RENDITIONS = "renditions/{key}/{version}/";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final List<String> KNOWN = List.of("key", "size", "kind", "version", "ext");

    /** @throws IllegalArgumentException saying what is wrong with the template */
    public DerivativeKeyTemplate {
        Matcher matcher = PLACEHOLDER.matcher(template);
        while (matcher.find()) {
            if (!KNOWN.contains(matcher.group(1))) {
                throw new IllegalArgumentException("'" + template + "' has an unknown placeholder " + matcher.group()
                        + "; known are {" + String.join("}, {", KNOWN) + "}");
            }
        }
        if (!template.contains("{key}")) {
            throw new IllegalArgumentException(
                    "'" + template + "' needs {key}, else two originals could claim one key");
        }
        String literal = matcher.replaceAll("");
        if (!literal.matches("[A-Za-z0-9._/-]*") || template.startsWith("/") || literal.contains("..")) {
            throw new IllegalArgumentException(
                    "'" + template + "' may have only letters, digits and . _ - / between its placeholders");
        }
        if (template.startsWith("{")) {
            throw new IllegalArgumentException(
                    "'" + template
                            + "' must begin with a folder: below its original not every store takes an object, and what is ours is found by it");
        }
    }

    /** @throws IllegalArgumentException when several sizes or formats would have one key */
    public DerivativeKeyTemplate forPictures() {
        if (!template.contains("{size}") || !template.contains("{ext}")) {
            throw new IllegalArgumentException(
                    "'" + template + "' needs {size} and {ext}, which tell its pictures apart");
        }
        return this;
    }

    /** @return what all keys begin with, as far as that is the same for all; never empty */
    public String prefix() {
        return template.substring(0, template.indexOf('{'));
    }

    /** @throws IllegalArgumentException when two versions would have one key, or no folder of their own */
    public DerivativeKeyTemplate forFilms() {
        if (!template.contains("{version}") || !template.endsWith("/")) {
            throw new IllegalArgumentException(
                    "'" + template
                            + "' needs {version}, since playlists are written again, and a / at its end: the files of a version lie there");
        }
        return this;
    }

    /**
     * @param size like 300, or a word like {@code full}
     * @param version from 1; where the template does not say it, later ones have it before their ending
     * @param extension without a dot
     */
    public String key(String original, String kind, String size, int version, String extension) {
        String told = template.contains("{version}") || version == 1 ? size : size + "-v" + version;
        return PLACEHOLDER
                .matcher(template)
                .replaceAll(found -> Matcher.quoteReplacement(
                        switch (found.group(1)) {
                            case "key" -> original;
                            case "kind" -> kind;
                            case "size" -> told;
                            case "version" -> "v" + version;
                            default -> extension;
                        }));
    }
}
