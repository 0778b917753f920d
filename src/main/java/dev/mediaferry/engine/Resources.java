package dev.mediaferry.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a running engine holds, closed in the opposite order. */
final class Resources implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Resources.class);

    private final Deque<AutoCloseable> held = new ArrayDeque<>();

    <T extends AutoCloseable> T keep(T resource) {
        held.push(resource);
        return resource;
    }

    ExecutorService pool(ExecutorService pool) {
        held.push(pool::shutdownNow);
        return pool;
    }

    @Override
    public void close() {
        while (!held.isEmpty()) {
            try {
                held.pop().close();
            } catch (Exception e) {
                LOG.warn("while stopping: {}", e.getMessage(), e);
            }
        }
    }
}
