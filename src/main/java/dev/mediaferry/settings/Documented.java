package dev.mediaferry.settings;

import dev.mediaferry.failure.Redaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A setting as it is in force, with what it means. Secrets are never told.
 *
 * @param value in force; null when it is not set
 * @param standard its default; null when it has none
 * @param secret true when the value is not told, only whether there is one
 */
public record Documented(String group, String key, String value, String standard, boolean secret, String meaning) {

    /** Whose values let somebody in, or may. */
    private static final Pattern SECRET =
            Pattern.compile(".*(password|secret|secret-key|access-key|session-token|headers|purge-header|purge-body)");

    private static final Pattern GROUP = Pattern.compile("# --- ([A-Za-z0-9 -]+?) -+");
    private static final Pattern KEY = Pattern.compile("#?(mediaferry\\.[a-z0-9.-]+)=.*");

    /** True when somebody has set it to something else. */
    public boolean changed() {
        return value != null && !value.equals(standard);
    }

    /** @return every setting there is, in the order of the file that documents them, and after them those of Camel that are set */
    public static List<Documented> all(Settings settings) {
        Reference reference = Reference.read();
        List<Documented> all = new ArrayList<>();
        StringBuilder meaning = new StringBuilder();
        String group = "";
        for (String line : Reference.text().split("\n")) {
            Matcher heading = GROUP.matcher(line.strip());
            Matcher key = KEY.matcher(line.strip());
            if (heading.matches()) {
                group = heading.group(1);
                meaning.setLength(0);
            } else if (key.matches()) {
                all.add(one(group, key.group(1), settings.all(), reference.defaults(), meaning.toString()));
                meaning.setLength(0);
            } else if (line.startsWith("# ")) {
                meaning.append(meaning.isEmpty() ? "" : " ")
                        .append(line.substring(2).strip());
            } else {
                meaning.setLength(0);
            }
        }
        for (String key : new TreeSet<>(settings.all().keySet())) {
            if (key.startsWith("camel.")) {
                // Only Camel knows what such a key means, so its value is not shown.
                all.add(new Documented("Camel", key, null, null, true, "A setting of Apache Camel."));
            }
        }
        return all;
    }

    private static Documented one(
            String group, String key, Map<String, String> values, Map<String, String> defaults, String meaning) {
        boolean secret = SECRET.matcher(key).matches() && !key.endsWith("-file");
        String value = values.get(key);
        return new Documented(
                group,
                key,
                value == null || value.isEmpty() ? null : secret ? null : withoutPassword(value),
                defaults.get(key),
                secret && value != null && !value.isEmpty() && !value.equals(defaults.get(key)),
                meaning);
    }

    /** Addresses may carry one. */
    private static String withoutPassword(String value) {
        return value.contains("://") || value.startsWith("jdbc:") ? Redaction.of(value) : value;
    }
}
