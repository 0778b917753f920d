package dev.mediaferry.console;

import dev.mediaferry.failure.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** Who may log in: a line each, {@code name:bcrypt:role}. What is changed in the file counts at once. */
final class UsersFile {

    private static final Logger LOG = LoggerFactory.getLogger(UsersFile.class);

    private static final Pattern LINE =
            Pattern.compile("([^:\\s]{1,64}):(\\$2[aby]\\$(\\d{2})\\$[./A-Za-z0-9]{53}):(viewer|operator)");

    private static final int LEAST_COST = 10;

    /** Beyond them bcrypt reads nothing, so that two passwords would be one. */
    private static final int LONGEST_PASSWORD = 72;

    /** Where the file has no user. */
    private static final String NOBODY = "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

    private final Path file;
    private final BCryptPasswordEncoder bcrypt = new BCryptPasswordEncoder();
    private volatile Content content;

    private record Content(Stamp stamp, Map<String, User> users) {}

    /** Two writes within one tick of the clock, or a file with an old date in the place of another, differ in the rest. */
    private record Stamp(FileTime changed, long bytes, Object file) {

        static Stamp of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        }
    }

    /** One line. Two are equal when neither the password nor the role has changed. */
    record User(String name, String hash, Role role) {}

    /** @throws ConfigurationException naming the line that is none */
    UsersFile(Path file) {
        this.file = file;
        try {
            this.content = read();
        } catch (IOException e) {
            throw new ConfigurationException("mediaferry.console.users-file: cannot read " + file);
        }
        if (content.users().isEmpty()) {
            throw new ConfigurationException(
                    "mediaferry.console.users-file: " + file + " has no user; a line is name:bcrypt:role");
        }
    }

    /** @return the user, when the password is right */
    Optional<User> verify(String name, String password) {
        if (password.getBytes(StandardCharsets.UTF_8).length > LONGEST_PASSWORD) {
            return Optional.empty();
        }
        Map<String, User> users = users();
        User user = users.get(name);
        boolean right = bcrypt.matches(password, user == null ? slowest(users) : user.hash());
        return right ? Optional.ofNullable(user) : Optional.empty();
    }

    /** A name that nobody has takes as long to refuse as a wrong password, so that nobody learns who there is. */
    private static String slowest(Map<String, User> users) {
        return users.values().stream()
                .map(User::hash)
                .max(Comparator.comparing(UsersFile::cost))
                .orElse(NOBODY);
    }

    private static String cost(String hash) {
        return hash.substring("$2a$".length(), "$2a$12".length());
    }

    /** @return true while the file still says the same of this user */
    boolean has(User user) {
        return user.equals(users().get(user.name()));
    }

    private Map<String, User> users() {
        Content known = content;
        try {
            if (!Stamp.of(file).equals(known.stamp())) {
                known = read();
                content = known;
            }
            return known.users();
        } catch (IOException | ConfigurationException e) {
            // Who was taken out must not come in because a later line is wrong.
            LOG.error("nobody logs in or stays so until this is mended: {}", e.getMessage());
            return Map.of();
        }
    }

    private Content read() throws IOException {
        Stamp stamp = Stamp.of(file);
        Map<String, User> users = new LinkedHashMap<>();
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                User user = user(line).orElse(null);
                if (user == null || users.put(user.name(), user) != null) {
                    throw new ConfigurationException("mediaferry.console.users-file: " + file + " line " + (i + 1)
                            + " must be name:bcrypt:role, each name once: a hash of cost " + LEAST_COST
                            + " or more (htpasswd -nBC 12 NAME), and viewer or operator");
                }
            }
        }
        return new Content(stamp, users);
    }

    private static Optional<User> user(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches() && Integer.parseInt(matcher.group(3)) >= LEAST_COST
                ? Optional.of(new User(matcher.group(1), matcher.group(2), Role.of(matcher.group(4))))
                : Optional.empty();
    }
}
