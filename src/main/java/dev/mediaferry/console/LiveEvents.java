package dev.mediaferry.console;

import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tells open pages what has changed, as server-sent events; they fetch themselves anew. The ledger is asked once a second for all of
 * them, and not at all while nobody listens.
 */
final class LiveEvents implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveEvents.class);

    private static final int MOST = 200;
    private static final Duration POLL = Duration.ofSeconds(1);

    /** Proxies end what is silent for a minute. */
    private static final int POLLS_PER_HEARTBEAT = 15;

    /** Pages that may have missed something between their making and their listening. */
    private static final String EVERYTHING = event("runs") + event("hosts") + event("acts");

    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final Set<Listener> fresh = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "console-events");
        thread.setDaemon(true);
        return thread;
    });
    private JdbcClient database;
    private Pulse last;
    private int polls;
    private boolean failing;

    private record Listener(Context context, HttpServerResponse response) {}

    void follow(Operations operations) {
        database = operations.database().client();
        ScheduledFuture<?> unused =
                clock.scheduleWithFixedDelay(this::poll, POLL.toMillis(), POLL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Answers with events from now on. A body that a route answers is not streamed, so they are written here. */
    void open(RoutingContext context) {
        HttpServerResponse response = context.response();
        if (listeners.size() >= MOST) {
            response.putHeader("Retry-After", "30");
            Gate.refuse(context, 503, "too many pages are open");
            return;
        }
        Listener listener = new Listener(context.vertx().getOrCreateContext(), response);
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                // For nginx, which would gather events.
                .putHeader("X-Accel-Buffering", "no");
        response.write("retry: 2000\nevent: open\ndata: \n\n");
        response.closeHandler(closed -> listeners.remove(listener));
        response.exceptionHandler(failed -> listeners.remove(listener));
        fresh.add(listener);
        listeners.add(listener);
    }

    private void poll() {
        try {
            if (listeners.isEmpty()) {
                last = null;
                return;
            }
            Set<Listener> joined = Set.copyOf(fresh);
            fresh.removeAll(joined);
            Pulse now = database.sql(Database.statement("console-pulse"))
                    .query(new RecordMapper<>(Pulse.class))
                    .single();
            joined.forEach(listener -> write(listener, EVERYTHING));
            tell(now, joined);
            last = now;
            failing = false;
        } catch (RuntimeException e) {
            // Pages stay as they are meanwhile; that the database is away is logged once.
            if (!failing) {
                LOG.warn("what has changed is not known now: {}", e.getMessage());
            }
            failing = true;
        }
    }

    /** @param told everything already */
    private void tell(Pulse now, Set<Listener> told) {
        StringBuilder changed = new StringBuilder();
        if (last != null) {
            changed.append(Objects.equals(last.runs(), now.runs()) ? "" : event("runs"));
            changed.append(Objects.equals(last.hosts(), now.hosts()) ? "" : event("hosts"));
            changed.append(Objects.equals(last.acts(), now.acts()) ? "" : event("acts"));
        }
        polls++;
        if (changed.isEmpty() && polls % POLLS_PER_HEARTBEAT == 0) {
            changed.append(":\n\n");
        }
        if (!changed.isEmpty()) {
            listeners.stream()
                    .filter(listener -> !told.contains(listener))
                    .forEach(listener -> write(listener, changed.toString()));
        }
    }

    private static String event(String name) {
        return "event: " + name + "\ndata: \n\n";
    }

    private void write(Listener listener, String text) {
        listener.context().runOnContext(now -> {
            HttpServerResponse response = listener.response();
            if (response.ended() || response.closed()) {
                listeners.remove(listener);
            } else if (response.writeQueueFull()) {
                // It does not read; what it misses it gets when it comes again.
                listeners.remove(listener);
                response.reset();
            } else {
                response.write(text);
            }
        });
    }

    @Override
    public void close() {
        clock.shutdownNow();
        listeners.forEach(listener ->
                listener.context().runOnContext(now -> listener.response().end()));
    }
}
