package dev.mediaferry.archive;

import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.storage.Bucket;
import dev.mediaferry.storage.Bucket.Facts;
import dev.mediaferry.storage.Buckets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;

/** Asks the store for many objects at the same time, in whichever of its buckets they are. */
final class ObjectReader implements AutoCloseable {

    private static final int REQUESTS = 16;

    private final Buckets buckets;
    private final Map<String, Bucket> opened = new ConcurrentHashMap<>();
    private final ExecutorService pool = Executors.newFixedThreadPool(REQUESTS);

    ObjectReader(Buckets buckets) {
        this.buckets = buckets;
    }

    /** @return an answer for each row, in their order */
    <T> List<T> each(List<ArchivedRow> rows, BiFunction<ObjectReader, ArchivedRow, T> question) {
        try {
            List<Future<T>> answers = pool.invokeAll(rows.stream()
                    .<Callable<T>>map(row -> () -> question.apply(this, row))
                    .toList());
            List<T> all = new ArrayList<>();
            for (Future<T> answer : answers) {
                all.add(answer.get());
            }
            return all;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceUnreachableException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** @return empty when there is no such object */
    Optional<Facts> head(ArchivedRow row) {
        return bucket(row).head(row.key());
    }

    /** Reads an object to its end. @return empty when there is no such object */
    Optional<Facts> read(ArchivedRow row) {
        return bucket(row).read(row.key());
    }

    private Bucket bucket(ArchivedRow row) {
        return opened.computeIfAbsent(
                buckets.at(row.bucket()).bucket(), name -> Bucket.open(buckets.at(row.bucket()), REQUESTS));
    }

    @Override
    public void close() {
        pool.shutdownNow();
        opened.values().forEach(Bucket::close);
    }
}
