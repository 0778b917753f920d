package dev.mediaferry.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.failure.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How far a verification, or a search for orphans, has come, kept in a file so that an interrupted one may go on.
 *
 * @param scope what was compared
 * @param bucket that it was in; the configured one unless named
 * @param key the last object that was done
 * @param counts findings so far
 */
record Checkpoint(String scope, String bucket, String key, long objects, long read, Map<String, Long> counts) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    Checkpoint {
        if (scope == null
                || key == null
                || key.indexOf('\0') >= 0
                || counts == null
                || counts.values().stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("no position");
        }
        bucket = bucket == null ? "" : bucket;
        counts = new TreeMap<>(counts);
    }

    /**
     * @param buckets that are looked at
     * @param what was interrupted, for a person
     * @throws ConfigurationException when there is nothing of this scope to go on with
     */
    static Checkpoint load(Path file, String scope, List<String> buckets, String what) {
        try {
            Checkpoint position = JSON.readValue(Files.readString(file), Checkpoint.class);
            if (position == null) {
                throw damaged(file);
            }
            if (!position.scope().equals(scope)) {
                throw new ConfigurationException("--resume: the " + what + " that was interrupted had other options ("
                        + position.scope() + "); give the same, or leave --resume out");
            }
            if (!position.bucket().isEmpty() && !buckets.contains(position.bucket())) {
                throw new ConfigurationException("--resume: the " + what + " was interrupted in the bucket "
                        + position.bucket() + ", which is not looked at any more; leave --resume out to begin anew");
            }
            return position;
        } catch (JsonProcessingException e) {
            throw damaged(file);
        } catch (IOException e) {
            throw new ConfigurationException("--resume: no " + what + " was interrupted; leave it out to begin one");
        }
    }

    private static ConfigurationException damaged(Path file) {
        return new ConfigurationException("--resume: " + file + " is damaged; leave --resume out to begin anew");
    }

    void save(Path file) {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(next, JSON.writeValueAsString(this));
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
