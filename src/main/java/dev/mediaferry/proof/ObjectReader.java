package dev.mediaferry.proof;

import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.storage.Bucket;
import dev.mediaferry.storage.Bucket.Facts;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.ObjectName;
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
import java.util.function.Function;

/** Asks the store for many objects at the same time, in whichever of its buckets they are. */
public final class ObjectReader implements AutoCloseable {

    private static final int REQUESTS = 16;

    private final Buckets buckets;
    private final Map<String, Bucket> opened = new ConcurrentHashMap<>();
    private final ExecutorService pool = Executors.newFixedThreadPool(REQUESTS);

    public ObjectReader(Buckets buckets) {
        this.buckets = buckets;
    }

    /** @return an answer for each, in their order */
    public <A, T> List<T> each(List<A> all, Function<A, T> question) {
        try {
            List<Future<T>> answers = pool.invokeAll(all.stream()
                    .<Callable<T>>map(one -> () -> question.apply(one))
                    .toList());
            List<T> inOrder = new ArrayList<>();
            for (Future<T> answer : answers) {
                inOrder.add(answer.get());
            }
            return inOrder;
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
    public Optional<Facts> head(ObjectName object) {
        return bucket(object).head(object.key());
    }

    /** Reads an object to its end. @return empty when there is no such object */
    public Optional<Facts> read(ObjectName object) {
        return bucket(object).read(object.key());
    }

    private Bucket bucket(ObjectName object) {
        return opened.computeIfAbsent(
                buckets.clientName(object.bucket()), name -> Bucket.open(buckets.at(object.bucket()), REQUESTS));
    }

    @Override
    public void close() {
        pool.shutdownNow();
        opened.values().forEach(Bucket::close);
    }
}
