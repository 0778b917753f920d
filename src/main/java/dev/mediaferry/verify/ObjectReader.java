package dev.mediaferry.verify;

import dev.mediaferry.object.ObjectName;
import dev.mediaferry.storage.Bucket;
import dev.mediaferry.storage.Bucket.Facts;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.Requests;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Asks the store for many objects at the same time, in whichever of its buckets they are. */
public final class ObjectReader implements AutoCloseable {

    private static final int REQUESTS = 16;

    private final Buckets buckets;
    private final Map<String, Bucket> opened = new ConcurrentHashMap<>();
    private final Requests requests = new Requests(REQUESTS);

    public ObjectReader(Buckets buckets) {
        this.buckets = buckets;
    }

    /** @return an answer for each, in their order */
    public <A, T> List<T> each(List<A> all, Function<A, T> question) {
        return requests.all(
                all.stream().<Callable<T>>map(one -> () -> question.apply(one)).toList());
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
        requests.close();
        opened.values().forEach(Bucket::close);
    }
}
