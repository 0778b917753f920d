package dev.mediaferry.ferry;

import dev.mediaferry.content.Content;
import dev.mediaferry.content.Digests;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ferry.StoredObjects.NewObject;
import dev.mediaferry.ledger.LedgerId;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.ledger.TransferResult.Stored;
import dev.mediaferry.storage.Provenance;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Decides what becomes of a transfer when another object lies under its key. One of this ledger with the same bytes is taken
 * over. So is one that carries no ledger's id, like an upload of the user's application, when its bytes are read and are the
 * same; the ledger remembers that it is not ours, so nobody here ever removes it. Everything else stays as it is, and the
 * transfer fails: what another ledger has stored, that ledger may remove.
 */
public final class TakenKeys {

    private final String ledger;

    public TakenKeys(LedgerId ledger) {
        this.ledger = ledger.toString();
    }

    /**
     * A transfer that found its key taken.
     *
     * @param content its facts; the bytes may be gone already
     * @param object that was to be created
     * @param there what the store says of the one that is there
     */
    public record Taken(Transfer transfer, Content content, NewObject object, HeadObjectResponse there) {

        boolean sameLength() {
            return there.contentLength() == content.length();
        }
    }

    /** @return true when only its bytes can tell whether the object is the same */
    public boolean hasToBeRead(Taken taken) {
        return Provenance.of(taken.there().metadata()).ledger().isEmpty() && taken.sameLength();
    }

    /**
     * @param bytes of the object that is there, read to their end; null when they did not have to be
     * @throws TransferException when the object is another
     */
    public Stored settle(Taken taken, InputStream bytes) {
        Provenance there = Provenance.of(taken.there().metadata());
        String sha256 = taken.object().sha256();
        boolean ours = there.ledger().filter(ledger::equals).isPresent();
        if (ours && taken.sameLength() && there.sha256().filter(sha256::equals).isPresent()) {
            return stored(taken, false);
        }
        if (bytes != null && hash(bytes).equals(sha256)) {
            return stored(taken, true);
        }
        String what = there.ledger().isPresent() && !ours ? "an object of another ledger" : "other bytes";
        throw new TransferException(
                FailureKind.KEY_TAKEN,
                "the bucket has " + what + " under the key " + taken.object().key() + "; nothing was overwritten");
    }

    private static Stored stored(Taken taken, boolean foreign) {
        return new Stored(
                taken.transfer(),
                taken.object().key(),
                taken.object().target(),
                taken.object().sha256(),
                taken.content().length(),
                taken.content().type().name(),
                taken.there().eTag(),
                taken.content().original(),
                taken.content().dimensions(),
                foreign);
    }

    private static String hash(InputStream bytes) {
        MessageDigest digest = Digests.sha256();
        byte[] buffer = new byte[64 * 1024];
        try (bytes) {
            for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Digests.hex(digest);
    }
}
