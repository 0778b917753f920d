package dev.mediaferry.settings;

import dev.mediaferry.failure.ConfigurationException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All settings, resolved. Precedence, strongest first: {@code --set}, environment, properties file, default. The
 * capabilities turn them into their own validated records; an error names the key, the value and what would be right.
 */
public final class Settings {

    private static final String PREFIX = "mediaferry.";
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)?");
    private static final Pattern BYTES = Pattern.compile("(\\d{1,12})\\s*(B|kB|MB|GB|TB)?");

    private final Map<String, String> values;
    private final Path base;
    private final Map<String, String> environment;

    private Settings(Map<String, String> values, Path base, Map<String, String> environment) {
        this.values = Collections.unmodifiableMap(new TreeMap<>(values));
        this.base = base;
        this.environment = environment;
    }

    /**
     * @param file a properties file, or null for the defaults alone
     * @param environment variables, of which those named like a setting count
     * @param overrides from the command line
     * @throws ConfigurationException naming every unknown key
     */
    public static Settings load(Path file, Map<String, String> environment, Map<String, String> overrides) {
        Reference reference = Reference.read();
        Map<String, String> values = new TreeMap<>(reference.defaults());
        List<String> problems = new ArrayList<>();
        if (file != null) {
            read(file).forEach((key, value) -> put(reference, values, problems, file.toString(), key, value));
        }
        environment.forEach((name, value) -> {
            if (name.startsWith("MEDIAFERRY_") && !Reference.LAUNCHER_VARIABLES.contains(name)) {
                Optional<String> key = reference.keyOfVariable(name);
                if (key.isPresent()) {
                    values.put(key.get(), value);
                } else {
                    problems.add("environment: unknown variable " + name
                            + reference.nearest(name.toLowerCase(Locale.ROOT).replace('_', '.')));
                }
            }
        });
        overrides.forEach((key, value) -> put(reference, values, problems, "--set", key, value));
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return new Settings(values, Path.of("").toAbsolutePath(), Map.copyOf(environment));
    }

    private static void put(
            Reference reference,
            Map<String, String> values,
            List<String> problems,
            String origin,
            String key,
            String value) {
        if (key.startsWith("camel.") || reference.knows(key)) {
            values.put(key, value.strip());
        } else {
            problems.add(origin + ": unknown setting " + key + reference.nearest(key));
        }
    }

    private static Map<String, String> read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException("cannot read the settings from " + file + ": " + e.getMessage());
        }
        Map<String, String> values = new TreeMap<>();
        properties.forEach((key, value) -> values.put((String) key, (String) value));
        return values;
    }

    /** @return a copy in which some values are replaced, as if they had been given by {@code --set} */
    public Settings with(Map<String, String> overrides) {
        Map<String, String> copy = new TreeMap<>(values);
        copy.putAll(overrides);
        return new Settings(copy, base, environment);
    }

    /** @return a copy without these keys */
    public Settings without(String keyPrefix) {
        Map<String, String> copy = new TreeMap<>(values);
        copy.keySet().removeIf(key -> key.startsWith(keyPrefix));
        return new Settings(copy, base, environment);
    }

    /** Every value there is, the {@code camel.*} ones included: what placeholders in routes resolve to. */
    public Map<String, String> all() {
        return values;
    }

    /** @return what an environment variable holds that a value names; empty when it is not set, or set to nothing */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** @return empty when the key is not set, or set to nothing */
    public Optional<String> optional(String key) {
        return Optional.ofNullable(values.get(PREFIX + key)).filter(value -> !value.isEmpty());
    }

    /**
     * A secret, from the key itself or from the first line of the file that {@code <key>-file} names, as container platforms
     * hand secrets over.
     *
     * @throws ConfigurationException when both are set, or the file has nothing to say
     */
    public Optional<String> secret(String key) {
        String fileKey = key + "-file";
        if (optional(fileKey).isEmpty()) {
            return optional(key);
        }
        if (optional(key).isPresent()) {
            throw new ConfigurationException("set either " + PREFIX + key + " or " + PREFIX + fileKey + ", not both");
        }
        Path file = path(fileKey);
        try (Stream<String> lines = Files.lines(file)) {
            return Optional.of(lines.findFirst()
                    .filter(line -> !line.isEmpty())
                    .orElseThrow(() -> new ConfigurationException(PREFIX + fileKey + ": " + file + " is empty")));
        } catch (IOException | UncheckedIOException e) {
            throw new ConfigurationException(PREFIX + fileKey + ": cannot read " + file);
        }
    }

    public String text(String key) {
        return values.getOrDefault(PREFIX + key, "");
    }

    public boolean flag(String key) {
        return parse(key, text(key), "true or false", Settings::bool);
    }

    public Optional<Boolean> optionalFlag(String key) {
        return optional(key).map(value -> parse(key, value, "true or false", Settings::bool));
    }

    public int integer(String key, int min, int max) {
        return parse(key, text(key), "a whole number from " + min + " to " + max, value -> {
            int number = Integer.parseInt(value);
            return number < min || number > max ? null : number;
        });
    }

    public Duration duration(String key, Duration min, Duration max) {
        return parse(key, text(key), "a duration with its unit, like 500ms, 30s or 5m", Settings::duration, min, max);
    }

    /** Decimal units: 1 kB is 1,000 bytes. */
    public long bytes(String key) {
        return parse(key, text(key), "a size with its unit, like 500kB, 25MB or 1GB", Settings::size);
    }

    /** A path; a relative one counts from the working directory, which itself is none: an empty value is a mistake. */
    public Path path(String key) {
        return parse(
                key,
                text(key),
                "a path",
                value -> value.isEmpty() ? null : base.resolve(value).normalize());
    }

    /** The path of a program, where one is named. */
    public Optional<Path> program(String key) {
        return optional(key).map(set -> {
            Path program = path(key);
            if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
                throw new ConfigurationException("mediaferry." + key + " is '" + program + "', where no program is");
            }
            return program;
        });
    }

    /**
     * @param what what would be right, for the message
     * @param parser returns null or throws {@link IllegalArgumentException} for a value that is not
     */
    public <T> T parse(String key, String value, String what, Function<String, T> parser) {
        T parsed = null;
        try {
            parsed = parser.apply(value);
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Same answer as null: the message below says what would be right.
        }
        if (parsed == null) {
            throw new ConfigurationException(PREFIX + key + " is '" + value + "', but must be " + what);
        }
        return parsed;
    }

    private <T extends Comparable<T>> T parse(
            String key, String value, String what, Function<String, T> parser, T min, T max) {
        T parsed = parse(key, value, what, parser);
        if (parsed.compareTo(min) < 0 || parsed.compareTo(max) > 0) {
            throw new ConfigurationException(
                    PREFIX + key + " is '" + value + "', but must be from " + min + " to " + max);
        }
        return parsed;
    }

    /** {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}, {@code 1d}, or {@code 0}. */
    public static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2);
        if (unit == null) {
            if (number != 0) {
                throw new IllegalArgumentException("no unit: " + text);
            }
            return Duration.ZERO;
        }
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /** {@code 500kB}, {@code 25MB}; decimal units. @return null for what is no size */
    public static Long size(String text) {
        Matcher matcher = BYTES.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long unit =
                switch (matcher.group(2) == null ? "B" : matcher.group(2)) {
                    case "kB" -> 1_000L;
                    case "MB" -> 1_000_000L;
                    case "GB" -> 1_000_000_000L;
                    case "TB" -> 1_000_000_000_000L;
                    default -> 1L;
                };
        long bytes = Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
        return bytes > 0 ? bytes : null;
    }

    private static Boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> null;
        };
    }
}
