package dev.mediaferry.storage;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The buckets that objects go to: the configured one, and those that the registry names, in one store; and those they went to. */
public final class Buckets {

    private final StorageSettings standard;
    private final SharingSettings sharing;
    private final List<Place> places;
    private final Map<String, StorageSettings> named = new LinkedHashMap<>();
    // Each row asks several times; the answers never change. The configured bucket, null in the ledger, is
    // Optional.empty.
    private final Map<Optional<String>, StorageSettings> found = new ConcurrentHashMap<>();
    private final Map<Optional<String>, String> clientNames = new ConcurrentHashMap<>();

    /** Buckets of which no ledger tells. */
    public Buckets(StorageSettings standard, List<NamedBucket> buckets) {
        this(standard, buckets, SharingSettings.NONE, List.of());
    }

    /**
     * @param places that the ledger has objects in
     * @throws ConfigurationException when links to a bucket's own address could never be read
     */
    Buckets(StorageSettings standard, List<NamedBucket> buckets, SharingSettings sharing, List<Place> places) {
        this.standard = standard;
        this.sharing = sharing;
        this.places = List.copyOf(places);
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

    /** Those of {@link #all}, and after them those that were configured once and have objects of the ledger. */
    public List<StorageSettings> known() {
        List<StorageSettings> known = new ArrayList<>(all());
        places.stream().filter(this::isFormer).map(this::former).forEach(known::add);
        return known;
    }

    /** True for one that neither the settings nor the registry name any more. */
    public boolean isFormer(StorageSettings bucket) {
        return isFormer(Place.of(bucket));
    }

    /** @return what the ledger keeps of a bucket: null for the one that was configured first */
    public String inLedger(StorageSettings bucket) {
        Optional<Place> place = places.stream().filter(Place.of(bucket)::isSame).findFirst();
        if (place.isPresent()) {
            return place.get().name();
        }
        return bucket.bucket().equals(standard.bucket()) ? null : bucket.bucket();
    }

    /**
     * @param target that a pointer to an object of ours says
     * @return empty when it leads elsewhere
     */
    public Optional<ObjectName> named(String target) {
        for (StorageSettings bucket : known()) {
            for (String prefix : List.of(bucket.s3Uri(""), bucket.target(""))) {
                if (target.startsWith(prefix)) {
                    return Optional.of(new ObjectName(inLedger(bucket), target.substring(prefix.length())));
                }
            }
        }
        return Optional.empty();
    }

    /** @return the bucket by the name that the routes' client knows it by */
    public String clientName(String inLedger) {
        return clientNames.computeIfAbsent(Optional.ofNullable(inLedger), this::findClientName);
    }

    private String findClientName(Optional<String> inLedger) {
        return place(inLedger)
                .filter(place -> !place.store().equals(Place.of(standard).store()))
                .map(Place::foreignName)
                .orElseGet(() -> at(inLedger.orElse(null)).bucket());
    }

    /** @return a bucket of another store than the configured one, by the name that the routes' client knows it by */
    Optional<StorageSettings> foreign(String clientName) {
        return places.stream()
                .filter(place -> place.foreignName().equals(clientName))
                .findFirst()
                .map(this::former);
    }

    /** Recognises links into all of them. */
    public OurAddresses addresses() {
        return new OurAddresses(known(), sharing.formerUrls());
    }

    /**
     * @param address without query and fragment, or a key alone
     * @return true when it may be an address of the object: it ends with its key, and is none of another bucket
     */
    public boolean leadsTo(String address, ObjectName object) {
        if (address.equals(object.key())) {
            return true;
        }
        if (!address.endsWith("/" + object.key())) {
            return false;
        }
        StorageSettings own = at(object.bucket());
        if (new OurAddresses(List.of(own), List.of()).contain(address)) {
            return true;
        }
        boolean former = isFormer(own);
        // Under an address that one bucket had once, or has now that another is configured, others may have been read,
        // too.
        List<StorageSettings> others = known().stream()
                .filter(bucket -> !bucket.equals(own))
                .map(bucket -> former ? bucket.in(bucket.bucket(), Optional.empty()) : bucket)
                .toList();
        return sharing.formerUrls().stream().anyMatch(url -> address.startsWith(url + "/"))
                || !new OurAddresses(others, List.of()).contain(address);
    }

    /** @param bucket as the ledger keeps it, also one that is neither configured nor named in the registry any more */
    public StorageSettings at(String bucket) {
        return found.computeIfAbsent(Optional.ofNullable(bucket), this::find);
    }

    private StorageSettings find(Optional<String> bucket) {
        Optional<Place> place = place(bucket);
        if (place.isPresent()) {
            return all().stream()
                    .filter(settings -> place.get().isSame(Place.of(settings)))
                    .findFirst()
                    .orElseGet(() -> former(place.get()));
        }
        return bucket.map(name -> all().stream()
                        .filter(settings -> settings.bucket().equals(name))
                        .findFirst()
                        .orElseGet(() -> standard.in(name, Optional.empty())))
                .orElse(standard);
    }

    private Optional<Place> place(Optional<String> inLedger) {
        return places.stream()
                .filter(place -> Optional.ofNullable(place.name()).equals(inLedger))
                .findFirst();
    }

    private boolean isFormer(Place place) {
        return all().stream().map(Place::of).noneMatch(place::isSame);
    }

    private StorageSettings former(Place place) {
        boolean elsewhere = !place.store().equals(Place.of(standard).store());
        return elsewhere
                ? standard.at(place, sharing.formerAccessKey(), sharing.formerSecretKey())
                : standard.in(place.bucket(), Optional.empty());
    }
}
