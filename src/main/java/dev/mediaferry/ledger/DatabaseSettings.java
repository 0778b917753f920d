package dev.mediaferry.ledger;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.link.Authority;
import dev.mediaferry.settings.Settings;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * @param url in JDBC's form, without user and password
 * @param user null to leave it to the driver
 * @param password null for none
 */
public record DatabaseSettings(String url, String user, String password) {

    /** @return empty when no database is configured, so that the embedded one is to serve */
    public static Optional<DatabaseSettings> of(Settings settings) {
        return settings.optional("database.url").map(url -> {
            DatabaseSettings parsed = checked(parse(url));
            return new DatabaseSettings(
                    parsed.url(),
                    settings.optional("database.user").orElse(parsed.user()),
                    settings.secret("database.password").orElse(parsed.password()));
        });
    }

    /** How often a run repeats a statement is a matter of the routes, which take the text as it is. */
    public static void checkRetries(Settings settings) {
        int unused = settings.integer("database.retries", 0, 10_000);
    }

    /** The URL without its parameters, among which a password may be, whatever begins them: for messages. */
    String address() {
        return url.replaceFirst("[?;&].*", "");
    }

    /** Takes JDBC URLs and the URIs that libpq and most frameworks share. The value may hold a password: never shown. */
    private static DatabaseSettings parse(String url) {
        if (url.startsWith("jdbc:postgresql:")) {
            // The driver would take user and password for a part of the host's name, and ask for it.
            if (url.matches("jdbc:postgresql://[^/?]*@.*")) {
                throw malformed();
            }
            return new DatabaseSettings(url, null, null);
        }
        try {
            URI uri = URI.create(url);
            if (!Authority.isIn(uri) || !List.of("postgresql", "postgres").contains(uri.getScheme())) {
                throw new IllegalArgumentException();
            }
            String user = null;
            String password = null;
            // Java's addresses know neither host nor user where the host's name has an underscore.
            int end = uri.getRawAuthority().lastIndexOf('@');
            if (end >= 0) {
                String[] parts = uri.getRawAuthority().substring(0, end).split(":", 2);
                user = decode(parts[0]);
                password = parts.length > 1 ? decode(parts[1]) : null;
            }
            String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            return new DatabaseSettings("jdbc:postgresql://" + Authority.of(uri) + path + query(uri), user, password);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    /** The driver says nothing of what it does not understand, but that it is not its business. */
    private static DatabaseSettings checked(DatabaseSettings settings) {
        try {
            if (!DriverManager.getDriver(settings.url()).acceptsURL(settings.url())) {
                throw malformed();
            }
            return settings;
        } catch (SQLException | IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static ConfigurationException malformed() {
        return new ConfigurationException("mediaferry.database.url must be jdbc:postgresql://host:port/database or"
                + " postgresql://user:password@host:port/database");
    }

    /** Some frameworks name the schema in a parameter that the driver spells differently. */
    private static String query(URI uri) {
        if (uri.getRawQuery() == null) {
            return "";
        }
        List<String> parameters = new ArrayList<>();
        for (String parameter : uri.getRawQuery().split("&")) {
            parameters.add(parameter.replaceFirst("^schema=", "currentSchema="));
        }
        return "?" + String.join("&", parameters);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
