package dev.mediaferry.storage;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.ledger.Database;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The buckets that the ledger has objects in, written down when they are used first, so that no setting moves old rows. */
public final class Stores {

    private final JdbcClient sql;
    private final StorageSettings configured;
    private final SharingSettings sharing;

    public Stores(Database database, StorageSettings configured, SharingSettings sharing) {
        this.sql = database.client();
        this.configured = configured;
        this.sharing = sharing;
    }

    /** A bucket of the ledger; {@code chosen} counts how late it became the configured one, 0 for never. */
    private record Known(Place place, long chosen) {}

    /**
     * Writes the configured bucket down at the first start.
     *
     * @throws ConfigurationException when another was configured before and the change was not accepted
     */
    public void check() {
        Place now = Place.of(configured);
        Optional<Place> before = chosen();
        if (before.isEmpty()) {
            begin(now);
        } else if (!before.get().isSame(now)) {
            throw new ConfigurationException(List.of(
                    "mediaferry.storage.bucket: this ledger's objects go to "
                            + before.get().describe() + ", and now " + now.describe() + " is configured",
                    "if new objects are to go there, and the old ones stay where they are: mediaferry ledger accept-store",
                    "if it is the same bucket under another address, or all objects were copied:"
                            + " mediaferry ledger accept-store --same-objects"));
        } else if (!before.get().equals(named(now, before.get()))) {
            replace(before.get(), now);
        }
    }

    /** New objects go to the configured bucket from now on, also those of transfers for which nothing was stored yet. */
    public void accept() {
        Place now = Place.of(configured);
        Optional<Place> before = chosen();
        if (before.isEmpty() || before.get().isSame(now)) {
            check();
            return;
        }
        Place place = known().stream().filter(now::isSame).findFirst().orElseGet(() -> add(now));
        sql.sql("update mediaferry.store set chosen = clock_timestamp() where id = :id")
                .param("id", place.id())
                .update();
        sql.sql(Database.statement("move-unstored"))
                .param("before", before.get().name())
                .param("now", place.name())
                .update();
    }

    /** The objects of the bucket that was configured until now are in the one that is configured now. */
    public void acceptSameObjects() {
        Place now = Place.of(configured);
        Optional<Place> before = chosen();
        if (before.isEmpty() || before.get().isSame(now)) {
            check();
            return;
        }
        if (known().stream().anyMatch(now::isSame)) {
            throw new ConfigurationException("the ledger has objects of its own in " + now.describe()
                    + ", which are not those of " + before.get().describe() + ": mediaferry ledger accept-store");
        }
        replace(before.get(), now);
    }

    /** @return the buckets of a registry, and those that the ledger has objects in */
    public Buckets buckets(List<NamedBucket> named) {
        if (chosen().isEmpty()) {
            begin(Place.of(configured));
        }
        Buckets buckets = new Buckets(configured, named, sharing, known());
        buckets.all().stream()
                .map(Place::of)
                .filter(place -> known().stream().noneMatch(place::isSame))
                .forEach(this::add);
        return new Buckets(configured, named, sharing, known());
    }

    private void begin(Place now) {
        sql.sql("insert into mediaferry.store (endpoint, region, path_style, bucket, chosen)"
                        + " select :endpoint, :region, :pathStyle, :bucket, clock_timestamp()"
                        + " where not exists (select from mediaferry.store) on conflict do nothing")
                .param("endpoint", text(now.endpoint()))
                .param("region", now.region())
                .param("pathStyle", now.pathStyle())
                .param("bucket", now.bucket())
                .update();
        // Until now the ledger has kept the names of further buckets alone, all in this store.
        sql.sql("select distinct bucket from mediaferry.transfer where bucket is not null")
                .query(String.class)
                .list()
                .forEach(bucket -> add(new Place(0, null, now.endpoint(), now.region(), now.pathStyle(), bucket)));
    }

    private Place add(Place place) {
        boolean taken = known().stream().anyMatch(other -> place.bucket().equals(other.name()));
        sql.sql("insert into mediaferry.store (name, endpoint, region, path_style, bucket)"
                        + " values (:name, :endpoint, :region, :pathStyle, :bucket) on conflict do nothing")
                .param("name", taken ? place.bucket() + "@" + place.store() : place.bucket())
                .param("endpoint", text(place.endpoint()))
                .param("region", place.region())
                .param("pathStyle", place.pathStyle())
                .param("bucket", place.bucket())
                .update();
        return known().stream().filter(place::isSame).findFirst().orElseThrow();
    }

    private void replace(Place old, Place now) {
        sql.sql("update mediaferry.store set endpoint = :endpoint, region = :region, path_style = :pathStyle,"
                        + " bucket = :bucket where id = :id")
                .param("endpoint", text(now.endpoint()))
                .param("region", now.region())
                .param("pathStyle", now.pathStyle())
                .param("bucket", now.bucket())
                .param("id", old.id())
                .update();
    }

    private Optional<Place> chosen() {
        return rows().stream()
                .filter(known -> known.chosen() > 0)
                .max(Comparator.comparingLong(Known::chosen))
                .map(Known::place);
    }

    private List<Place> known() {
        return new ArrayList<>(rows().stream().map(Known::place).toList());
    }

    private List<Known> rows() {
        return sql.sql("select id, name, endpoint, region, path_style, bucket,"
                        + " coalesce(extract(epoch from chosen) * 1000000, 0)::bigint as chosen"
                        + " from mediaferry.store order by id")
                .query((rs, row) -> new Known(
                        new Place(
                                rs.getInt("id"),
                                rs.getString("name"),
                                Optional.ofNullable(rs.getString("endpoint"))
                                        .map(URI::create)
                                        .orElse(null),
                                rs.getString("region"),
                                rs.getBoolean("path_style"),
                                rs.getString("bucket")),
                        rs.getLong("chosen")))
                .list();
    }

    private static Place named(Place place, Place like) {
        return new Place(like.id(), like.name(), place.endpoint(), place.region(), place.pathStyle(), place.bucket());
    }

    private static String text(URI endpoint) {
        return endpoint == null ? null : endpoint.toString();
    }
}
