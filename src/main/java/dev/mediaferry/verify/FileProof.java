package dev.mediaferry.verify;

import dev.mediaferry.content.Content;
import dev.mediaferry.content.FileMark;
import dev.mediaferry.content.LocalFiles;
import dev.mediaferry.content.MediaKind;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.object.ObjectName;
import dev.mediaferry.storage.Bucket.Facts;
import dev.mediaferry.storage.Buckets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Proves that files of this machine are safe in the store, before they are deleted or moved: a file is the one that was stored,
 * and every object that stands for it was just read back to its end and is what the ledger says. What rows say is proven
 * elsewhere, in the transaction in which the file goes.
 */
public final class FileProof implements AutoCloseable {

    /** The file is not what was stored, or changes. */
    public static final String FILE_DIFFERS = "file-differs";

    private final LocalFiles files = new LocalFiles(Long.MAX_VALUE);
    private final ObjectReader objects;

    /**
     * What has to be so.
     *
     * @param root that the file lies in
     * @param name path of the file below the root
     * @param fileSha256 of the file as it was stored
     * @param objectSha256 of what was made of it
     * @param objects that all have to have these bytes
     */
    public record Claim(Path root, String name, String fileSha256, String objectSha256, Set<ObjectName> objects) {}

    /**
     * What was found.
     *
     * @param mark of the file as it was read; null when it stays
     * @param etags of the objects that were read
     * @param reason why the file stays, or null: {@code file-differs}, {@code file-gone}, {@code object-missing},
     *     {@code object-differs}
     */
    public record Verdict(FileMark mark, Map<ObjectName, String> etags, String reason) {

        private static Verdict keep(String reason) {
            return new Verdict(null, Map.of(), reason);
        }
    }

    public FileProof(Buckets buckets) {
        this.objects = new ObjectReader(buckets);
    }

    /** @return a verdict for each, in their order; the objects of all were asked for once more after the last was read */
    public List<Verdict> judge(List<Claim> claims) {
        List<Verdict> read = objects.each(claims, this::judge);
        // The last of them may have taken minutes to read.
        return objects.each(read, this::lookAgain);
    }

    /** @return whether a file that was judged to be safe still has the bytes that it had then; asked just before it goes */
    public boolean isStill(Claim claim, Verdict verdict) {
        return !verdict.mark().changed() && (!verdict.mark().wasTouched() || hasBytes(claim));
    }

    private boolean hasBytes(Claim claim) {
        try (Content content = read(claim)) {
            return content.sha256().equals(claim.fileSha256());
        } catch (TransferException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Content read(Claim claim) throws IOException {
        return files.read(claim.root(), claim.name(), Long.MAX_VALUE, EnumSet.allOf(MediaKind.class), Optional.empty());
    }

    private Verdict judge(Claim claim) {
        try (Content content = read(claim)) {
            if (!content.sha256().equals(claim.fileSha256())) {
                return Verdict.keep(FILE_DIFFERS);
            }
            Map<ObjectName, String> etags = new HashMap<>();
            for (ObjectName object : claim.objects()) {
                Optional<Facts> facts = objects.read(object);
                if (facts.isEmpty()) {
                    return Verdict.keep("object-missing");
                }
                if (facts.get().sha256().filter(claim.objectSha256()::equals).isEmpty()) {
                    return Verdict.keep("object-differs");
                }
                etags.put(object, facts.get().etag());
            }
            return new Verdict(content.source(), etags, null);
        } catch (TransferException e) {
            return Verdict.keep(e.kind() == FailureKind.MISSING_FILE ? "file-gone" : FILE_DIFFERS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Verdict lookAgain(Verdict verdict) {
        for (Map.Entry<ObjectName, String> object : verdict.etags().entrySet()) {
            Optional<Facts> facts = objects.head(object.getKey());
            if (facts.isEmpty()) {
                return Verdict.keep("object-missing");
            }
            if (!facts.get().etag().equals(object.getValue())) {
                return Verdict.keep("object-differs");
            }
        }
        return verdict;
    }

    @Override
    public void close() {
        objects.close();
    }
}
