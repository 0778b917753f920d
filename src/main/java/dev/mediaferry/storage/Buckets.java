package dev.mediaferry.storage;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The buckets that objects go to: the configured one, and those that the registry names, in one store. */
public final class Buckets {

    private final StorageSettings standard;
    private final Map<String, StorageSettings> named = new LinkedHashMap<>();

    /** @throws ConfigurationException when links to a bucket's own address could never be read */
    public Buckets(StorageSettings standard, List<NamedBucket> buckets) {
        this.standard = standard;
        for (NamedBucket bucket : buckets) {
            StorageSettings settings = standard.in(bucket.bucket(), bucket.publicUrl());
            settings.checkPublicUrl(
                    bucket.publicUrl().isPresent(),
                    "registry line " + bucket.line() + ": public-url of bucket " + bucket.name());
            named.put(bucket.name(), settings);
        }
    }

    /** The configured one. */
    public StorageSettings standard() {
        return standard;
    }

    /** Each bucket once, the configured one first. */
    public List<StorageSettings> all() {
        Map<String, StorageSettings> all = new LinkedHashMap<>();
        all.put(standard.bucket(), standard);
        named.values().forEach(settings -> all.putIfAbsent(settings.bucket(), settings));
        return List.copyOf(all.values());
    }

    /** @param name in the registry, which has it; empty for the configured one */
    public StorageSettings of(Optional<String> name) {
        return name.map(named::get).orElse(standard);
    }

    /**
     * @param names in the registry; none for the configured one
     * @throws ConfigurationException when the registry has no such name
     */
    public List<StorageSettings> chosen(List<String> names) {
        for (String name : names) {
            if (!named.containsKey(name)) {
                throw new ConfigurationException("the registry has no bucket " + name
                        + Names.nearest(name, named.keySet())
                                .map(near -> "; did you mean " + near + "?")
                                .orElse("; name it under buckets:"));
            }
        }
        return names.isEmpty()
                ? List.of(standard)
                : names.stream().map(named::get).toList();
    }

    /** @return what the ledger keeps of a bucket: null for the configured one */
    public String inLedger(StorageSettings bucket) {
        return bucket.bucket().equals(standard.bucket()) ? null : bucket.bucket();
    }

    /**
     * @param target that a pointer to an object of ours says
     * @return empty when it leads elsewhere
     */
    public Optional<ObjectName> named(String target) {
        for (StorageSettings bucket : all()) {
            for (String prefix : List.of(bucket.s3Uri(""), bucket.target(""))) {
                if (target.startsWith(prefix)) {
                    return Optional.of(new ObjectName(inLedger(bucket), target.substring(prefix.length())));
                }
            }
        }
        return Optional.empty();
    }

    /** @param bucket as the ledger keeps it, also one that the registry names no more */
    public StorageSettings at(String bucket) {
        if (bucket == null) {
            return standard;
        }
        return all().stream()
                .filter(settings -> settings.bucket().equals(bucket))
                .findFirst()
                .orElseGet(() -> standard.in(bucket, Optional.empty()));
    }
}
