package dev.mediaferry.fetch;

import dev.mediaferry.address.AddressGuard;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.link.HostPatterns;
import dev.mediaferry.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * @param concurrency downloads at the same time, over all hosts
 * @param pace pauses between the requests to one host
 * @param timeout one whole download, from looking up the name to the last byte
 * @param maxBytes the largest medium
 * @param allowPrivate {@code host:port}, in lower case, that may be reached although not public
 * @param allowHosts hosts that nothing else may be reached beside; none for any
 * @param denyHosts hosts that are never reached
 * @param headers what requests say of themselves
 * @param perAddress downloads at the same time from one address that several hosts are behind; 0 for any number
 */
public record FetchSettings(
        int concurrency,
        Delays pace,
        Duration timeout,
        long maxBytes,
        Set<String> allowPrivate,
        HostPatterns allowHosts,
        HostPatterns denyHosts,
        RequestHeaders headers,
        int perAddress) {

    private static final int MOST_AT_ONCE = 512;

    /** Settings with the headers that are sent to everybody, and the usual crowd at an address. */
    FetchSettings(
            int concurrency,
            Delays pace,
            Duration timeout,
            long maxBytes,
            Set<String> allowPrivate,
            HostPatterns allowHosts,
            HostPatterns denyHosts) {
        this(
                concurrency,
                pace,
                timeout,
                maxBytes,
                allowPrivate,
                allowHosts,
                denyHosts,
                RequestHeaders.of(program()),
                16);
    }

    /** The same, for one {@code host:port} that the operator has named, wherever it is. */
    FetchSettings reaching(String place) {
        return new FetchSettings(
                concurrency,
                pace,
                timeout,
                maxBytes,
                Set.of(place),
                HostPatterns.NONE,
                HostPatterns.NONE,
                headers,
                perAddress);
    }

    public static FetchSettings of(Settings settings) {
        return new FetchSettings(
                settings.integer("fetch.concurrency", 1, MOST_AT_ONCE),
                settings.parse(
                        "fetch.delay-per-host",
                        settings.text("fetch.delay-per-host"),
                        "a duration like 500ms, which host=duration pairs may follow after commas",
                        Delays::parse),
                settings.duration("fetch.timeout", Duration.ofMillis(100), Duration.ofHours(1)),
                settings.bytes("fetch.max-bytes"),
                settings.parse(
                        "fetch.allow-private",
                        settings.text("fetch.allow-private"),
                        "host:port, comma-separated",
                        FetchSettings::hostsAndPorts),
                hosts("fetch.allow-hosts", settings.text("fetch.allow-hosts")),
                hosts("fetch.deny-hosts", settings.text("fetch.deny-hosts")),
                headers(settings),
                settings.integer("fetch.concurrency-per-address", 0, MOST_AT_ONCE));
    }

    private static RequestHeaders headers(Settings settings) {
        String agent = settings.parse(
                "fetch.user-agent",
                settings.text("fetch.user-agent").replace("{version}", version()),
                "a name of ASCII characters, like Mediaferry/{version} (media@example.com)",
                value -> value.matches("[\\x21-\\x7e][\\x20-\\x7e]*") ? value : null);
        RequestHeaders headers =
                with(RequestHeaders.of(agent), "fetch.headers", settings.text("fetch.headers"), settings);
        Optional<Path> file = settings.optional("fetch.headers-file").map(name -> settings.path("fetch.headers-file"));
        if (file.isEmpty()) {
            return headers;
        }
        try {
            return with(headers, "fetch.headers-file", Files.readString(file.get()), settings);
        } catch (IOException e) {
            throw new ConfigurationException(
                    "mediaferry.fetch.headers-file: " + file.get() + " cannot be read: " + e.getMessage());
        }
    }

    private static RequestHeaders with(RequestHeaders headers, String key, String lines, Settings settings) {
        try {
            return headers.with(lines, settings::variable);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("mediaferry." + key + ", " + e.getMessage());
        }
    }

    private static String program() {
        return "Mediaferry/" + version();
    }

    private static String version() {
        String version = FetchSettings.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Transfers on their way at the same time: a quarter more than downloads, so that no download waits for an upload. */
    public int transfers() {
        return concurrency + concurrency / 4;
    }

    /** What every connection of a download is asked of. */
    public AddressGuard guard() {
        return new AddressGuard(allowPrivate, allowHosts, denyHosts);
    }

    private static HostPatterns hosts(String key, String value) {
        List<String> patterns = Stream.of(value.split(","))
                .map(String::strip)
                .filter(pattern -> !pattern.isEmpty())
                .toList();
        try {
            return new HostPatterns(patterns);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("mediaferry." + key + ": " + e.getMessage());
        }
    }

    private static Set<String> hostsAndPorts(String value) {
        Set<String> entries = new TreeSet<>();
        for (String entry : value.toLowerCase(Locale.ROOT).split(",")) {
            String trimmed = entry.strip();
            if (!trimmed.isEmpty()) {
                if (!trimmed.matches("(?:[a-z0-9._-]+|\\[[0-9a-f:.]+]):\\d{1,5}")) {
                    throw new IllegalArgumentException(trimmed);
                }
                entries.add(trimmed);
            }
        }
        return entries;
    }
}
