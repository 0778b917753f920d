package dev.mediaferry.storage;

import dev.mediaferry.content.Digests;
import dev.mediaferry.content.LocalFiles;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ledger.LedgerId;
import dev.mediaferry.storage.Bucket.Facts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Tells beforehand of which files the keys are taken in the bucket, so that they could not be stored. Reads only. */
public final class KeyCheck implements AutoCloseable {

    /** Why a file is left out, for a person. */
    static final String OTHER_BYTES = "the bucket has other bytes under this key";

    private static final String OF_ANOTHER_LEDGER = "the bucket has an object of another ledger under this key";

    private final Buckets buckets;
    private final String ledger;
    private final Map<String, KeyProbe> probes = new HashMap<>();

    public KeyCheck(Buckets buckets, LedgerId ledger) {
        this.buckets = buckets;
        this.ledger = ledger.toString();
    }

    /**
     * A file that is to be stored.
     *
     * @param key complete
     * @param folder that the file lies in
     * @param compressed true when other bytes may be stored than those of the file
     */
    public record Wish(String key, Path folder, String name, boolean compressed) {}

    /**
     * @param bucket as the ledger keeps it
     * @param wishes any number, for keys that differ
     * @return the reasons of those that cannot be stored, by their keys
     */
    public Map<String, String> taken(String bucket, List<Wish> wishes) {
        if (wishes.isEmpty()) {
            return Map.of();
        }
        StorageSettings storage = buckets.at(bucket);
        KeyProbe probe = probes.computeIfAbsent(storage.bucket(), name -> new KeyProbe(storage));
        Map<String, Facts> there = probe.find(
                wishes.stream().map(Wish::key).sorted(Bucket::compare).toList());
        Map<String, String> taken = new ConcurrentHashMap<>();
        wishes.parallelStream().filter(wish -> there.containsKey(wish.key())).forEach(wish -> reason(
                        wish, there.get(wish.key()), probe)
                .ifPresent(reason -> taken.put(wish.key(), reason)));
        return taken;
    }

    private Optional<String> reason(Wish wish, Facts there, KeyProbe probe) {
        Provenance provenance = there.provenance();
        boolean ours = provenance.ledger().filter(ledger::equals).isPresent();
        if (!ours && provenance.ledger().isPresent()) {
            return Optional.of(OF_ANOTHER_LEDGER);
        }
        try {
            Path file = LocalFiles.inside(wish.folder(), wish.name());
            if (!ours && (wish.compressed() || there.bytes() != Files.size(file))) {
                return Optional.of(OTHER_BYTES);
            }
            Optional<String> stored =
                    ours ? provenance.madeOf() : probe.bucket().read(wish.key()).flatMap(Facts::sha256);
            return stored.filter(hash(file)::equals).isPresent() ? Optional.empty() : Optional.of(OTHER_BYTES);
        } catch (IOException | TransferException e) {
            // It is gone, or unreadable, since it was listed: what that means, the run says.
            return Optional.empty();
        }
    }

    private static String hash(Path file) throws IOException {
        MessageDigest digest = Digests.sha256();
        byte[] buffer = new byte[64 * 1024];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return Digests.hex(digest);
    }

    @Override
    public void close() {
        probes.values().forEach(KeyProbe::close);
    }
}
