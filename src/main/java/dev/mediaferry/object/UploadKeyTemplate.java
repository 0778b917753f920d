package dev.mediaferry.object;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the keys of uploaded media are made, like {@code {folder}/{user}/{timestamp}-{uuid}.{ext}}. All of it is known beforehand. */
public record UploadKeyTemplate(String template) {

    public static final String DEFAULT = "{folder}/{user}/{timestamp}-{uuid}.{ext}";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final List<String> KNOWN = List.of("folder", "user", "type", "timestamp", "uuid", "ext");

    /** @throws IllegalArgumentException saying what is wrong with the template */
    public UploadKeyTemplate {
        Matcher matcher = PLACEHOLDER.matcher(template);
        while (matcher.find()) {
            if (!KNOWN.contains(matcher.group(1))) {
                throw new IllegalArgumentException("'" + template + "' has an unknown placeholder " + matcher.group()
                        + "; known are {" + String.join("}, {", KNOWN) + "}");
            }
        }
        if (!template.contains("{uuid}")) {
            throw new IllegalArgumentException("'" + template + "' needs {uuid}, else two media could claim one key");
        }
        String literal = matcher.replaceAll("");
        if (!literal.matches("[A-Za-z0-9._/-]*") || template.startsWith("/") || literal.contains("..")) {
            throw new IllegalArgumentException(
                    "'" + template + "' may have only letters, digits and . _ - / between its placeholders");
        }
    }

    /** @return what all keys of a type begin with; empty when they begin with what differs from medium to medium */
    public String prefix(String folder, String type) {
        String known = template.replace("{folder}", folder).replace("{type}", KeyTemplate.safe(type));
        return known.substring(0, known.indexOf('{'));
    }

    /**
     * @param user data: what is no letter, digit, dot, dash or underscore is escaped
     * @param extension without a dot
     */
    public String key(String folder, String user, String type, Instant now, UUID id, String extension) {
        return PLACEHOLDER
                .matcher(template)
                .replaceAll(found -> Matcher.quoteReplacement(
                        switch (found.group(1)) {
                            case "folder" -> folder;
                            case "user" -> KeyTemplate.safe(user);
                            case "type" -> KeyTemplate.safe(type);
                            case "timestamp" -> Long.toString(now.toEpochMilli());
                            case "uuid" -> id.toString();
                            default -> extension;
                        }));
    }
}
