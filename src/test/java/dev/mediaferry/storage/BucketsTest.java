package dev.mediaferry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.object.ObjectName;
import dev.mediaferry.settings.Settings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which addresses lead to an object after another bucket was configured. */
class BucketsTest {

    private static final String KEY = "photos/1/a.jpg";
    private static final URI STORE = URI.create("http://my_store:9000");

    private final Buckets buckets = new Buckets(
            StorageSettings.of(Settings.load(
                    null,
                    Map.of(),
                    Map.of(
                            "mediaferry.storage.endpoint",
                            STORE.toString(),
                            "mediaferry.storage.bucket",
                            "new",
                            "mediaferry.storage.public-url",
                            "https://cdn.example.com"))),
            List.of(),
            new SharingSettings(
                    List.of(URI.create("https://old.example.com")), Optional.empty(), Optional.empty(), false),
            List.of(place(1, null, STORE, "old"), place(2, "new", STORE, "new")));

    @Test
    void aPublicAddressMayBeThatOfABucketThatWasConfiguredOnce() {
        assertThat(leads("https://old.example.com/", null)).isTrue();
        assertThat(leads("https://cdn.example.com/", null)).isTrue();
        assertThat(leads("https://unknown.example.com/", null)).isTrue();
        assertThat(leads(STORE + "/old/", null)).isTrue();
        assertThat(leads("s3://old/", null)).isTrue();
        assertThat(leads("https://old.example.com/", "new")).isTrue();
        assertThat(leads("https://cdn.example.com/", "new")).isTrue();
    }

    @Test
    void theStoresOwnAddressIsThatOfOneBucket() {
        assertThat(leads(STORE + "/new/", null)).isFalse();
        assertThat(leads("s3://new/", null)).isFalse();
        assertThat(leads(STORE + "/old/", "new")).isFalse();
    }

    @Test
    void storesOfOneHostDifferByTheirPorts() {
        Place other = place(0, null, URI.create("http://my_store:9001"), "new");
        assertThat(other.isSame(place(0, null, STORE, "new"))).isFalse();
    }

    private boolean leads(String prefix, String bucket) {
        return buckets.leadsTo(prefix + KEY, new ObjectName(bucket, KEY));
    }

    private static Place place(int id, String name, URI endpoint, String bucket) {
        return new Place(id, name, endpoint, "us-east-1", true, bucket);
    }
}
