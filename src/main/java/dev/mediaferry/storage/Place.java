package dev.mediaferry.storage;

import dev.mediaferry.link.Authority;
import java.net.URI;
import java.util.Locale;

/**
 * A bucket that the ledger has objects in.
 *
 * @param id in the ledger
 * @param name what the ledger's transfers say; null for the one that was configured first
 * @param endpoint null on AWS
 */
record Place(int id, String name, URI endpoint, String region, boolean pathStyle, String bucket) {

    static Place of(StorageSettings storage) {
        return new Place(0, null, storage.endpoint(), storage.region(), storage.pathStyle(), storage.bucket());
    }

    /** Equal for all ways to write the same. On AWS a bucket's name says where it is, whatever the region. */
    String address() {
        return store() + "/" + bucket;
    }

    String store() {
        Authority authority = endpoint == null ? null : Authority.of(endpoint);
        String host = authority == null ? "" : authority.host().toLowerCase(Locale.ROOT);
        if (endpoint == null || host.matches("(.*\\.)?amazonaws\\.com(\\.cn)?")) {
            return region.startsWith("cn-") ? "aws-cn" : "aws";
        }
        int port = authority.port();
        boolean usual = port < 0 || port == (endpoint.getScheme().equals("https") ? 443 : 80);
        return host + (usual ? "" : ":" + port) + endpoint.getRawPath();
    }

    boolean isSame(Place other) {
        return address().equals(other.address());
    }

    /** The bucket by the name that the routes' client knows it by when it is in another store than the configured one. */
    String foreignName() {
        return bucket + "@" + id;
    }

    /** For messages. */
    String describe() {
        return "bucket '" + bucket + "' at " + (endpoint == null ? "AWS " + region : endpoint.toString());
    }
}
