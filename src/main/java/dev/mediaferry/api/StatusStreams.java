package dev.mediaferry.api;

import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How media stand, as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): an event now, one with
 * each change, and the end when nothing more will come. One question a second is asked for all listeners of this process.
 */
public final class StatusStreams implements AutoCloseable {

    /** That one user has open here; a browser opens six connections to a host. */
    private static final int MOST_OF_USER = 20;

    private static final int MOST = 5_000;

    private static final Duration POLL = Duration.ofSeconds(1);

    /** Proxies end what is silent for a minute. */
    private static final int POLLS_PER_HEARTBEAT = 15;

    /** A client opens it again then, with a token that is still good. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private static final String MEDIA_TYPE = "text/event-stream";

    private static final Logger LOG = LoggerFactory.getLogger(StatusStreams.class);

    private final BiFunction<Caller, UUID, Optional<Status>> first;
    private final Function<Collection<UUID>, List<Status>> next;
    private final BiFunction<UUID, String, Optional<Ticket>> tickets;
    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock;
    private int polls;
    private boolean failing;

    /** @param last true when it does not change any more */
    public record Status(UUID id, Map<String, Object> document, boolean last) {

        private String event() {
            return "event: status\ndata: " + new JsonObject(document).encode() + "\n\n";
        }
    }

    /** What a client without a token shows, which opens one medium of a user. */
    public record Ticket(String user, Instant expires) {}

    /**
     * @param first how a medium stands, if the caller may know
     * @param next how media stand, those that are still there
     * @param tickets whose ticket that is for a medium
     */
    public StatusStreams(
            BiFunction<Caller, UUID, Optional<Status>> first,
            Function<Collection<UUID>, List<Status>> next,
            BiFunction<UUID, String, Optional<Ticket>> tickets) {
        this.first = first;
        this.next = next;
        this.tickets = tickets;
        this.clock = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "status-streams");
            thread.setDaemon(true);
            return thread;
        });
        ScheduledFuture<?> unused =
                clock.scheduleWithFixedDelay(this::poll, POLL.toMillis(), POLL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** One listener. All but {@code last} is only touched in its context. */
    private final class Stream {

        private final Context context;
        private final HttpServerResponse response;
        private final String user;
        private final UUID id;
        private final Instant until;
        private volatile Map<String, Object> last;

        Stream(Context context, HttpServerResponse response, String user, Status status, Instant until) {
            this.context = context;
            this.response = response;
            this.user = user;
            this.id = status.id();
            this.until = until;
            this.last = status.document();
        }

        void write(String text, boolean end) {
            if (end) {
                streams.remove(this);
            }
            context.runOnContext(now -> {
                if (response.ended() || response.closed()) {
                    streams.remove(this);
                } else if (response.writeQueueFull()) {
                    // It does not read; what it misses it gets when it comes again.
                    streams.remove(this);
                    response.reset();
                } else if (end) {
                    response.end(text);
                } else {
                    response.write(text);
                }
            });
        }
    }

    /** @return whose ticket a request has that has no token; empty when it has none */
    Optional<Ticket> ticket(UUID id, String ticket) {
        return tickets.apply(id, ticket);
    }

    /** Answers a request for events. What asks for something else goes on to the routes. */
    void open(RoutingContext context, Caller caller, UUID id, Optional<Instant> ends) {
        if (streams.size() >= MOST
                || streams.stream()
                                .filter(one -> one.user.equals(caller.user()))
                                .count()
                        >= MOST_OF_USER) {
            context.fail(new ProblemException(
                    ProblemType.TOO_MANY_REQUESTS,
                    "you listen to " + MOST_OF_USER + " media already, or too many others do",
                    Map.of("Retry-After", "10", "RateLimit-Policy", "\"streams\";q=" + MOST_OF_USER)));
            return;
        }
        context.vertx()
                .executeBlocking(
                        () -> first.apply(caller, id)
                                .orElseThrow(
                                        () -> new ProblemException(ProblemType.NOT_FOUND, "there is no such medium")),
                        false)
                .onSuccess(status -> begin(context, caller, status, ends))
                .onFailure(context::fail);
    }

    private void begin(RoutingContext context, Caller caller, Status status, Optional<Instant> ends) {
        HttpServerResponse response = context.response();
        if (response.closed()) {
            return;
        }
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                // For nginx, which would gather events.
                .putHeader("X-Accel-Buffering", "no");
        response.write("retry: 2000\n" + status.event());
        if (status.last()) {
            response.end();
            return;
        }
        Instant longest = Instant.now().plus(LONGEST);
        Stream stream = new Stream(
                context.vertx().getOrCreateContext(),
                response,
                caller.user(),
                status,
                ends.filter(longest::isAfter).orElse(longest));
        streams.add(stream);
        response.closeHandler(closed -> streams.remove(stream));
        response.exceptionHandler(failed -> streams.remove(stream));
    }

    private void poll() {
        try {
            polls++;
            Instant now = Instant.now();
            streams.stream().filter(stream -> stream.until.isBefore(now)).forEach(stream -> stream.write("", true));
            if (polls % POLLS_PER_HEARTBEAT == 0) {
                streams.forEach(stream -> stream.write(":\n\n", false));
            }
            Set<UUID> ids = streams.stream().map(stream -> stream.id).collect(Collectors.toSet());
            if (!ids.isEmpty()) {
                tell(ids, next.apply(ids));
            }
            failing = false;
        } catch (RuntimeException e) {
            // Listeners wait with it; that the database is away is logged once.
            if (!failing) {
                LOG.warn("how media stand is not known now: {}", e.getMessage());
            }
            failing = true;
        }
    }

    private void tell(Set<UUID> asked, List<Status> found) {
        Map<UUID, Status> statuses = found.stream().collect(Collectors.toMap(Status::id, status -> status));
        for (Stream stream : streams) {
            Status status = statuses.get(stream.id);
            if (status != null && !status.document().equals(stream.last)) {
                stream.last = status.document();
                stream.write(status.event(), status.last());
            } else if (status == null && asked.contains(stream.id)) {
                stream.write("event: deleted\ndata: {}\n\n", true);
            }
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        streams.forEach(stream -> stream.write("", true));
    }
}
