package dev.mediaferry.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.ledger.Transfer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class FerryQueueTest {

    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    private final CamelContext context = new DefaultCamelContext();
    private final FerryQueue queue = new FerryQueue(1);

    @Test
    void takesRowsWhoseTurnHasComeBeforeOthersAndThoseAsTheyWereClaimed() {
        put(1, FIRST.plusSeconds(1), null);
        put(2, FIRST, null);
        put(4, FIRST, null);
        put(3, FIRST, null);
        put(5, FIRST.plusSeconds(9), 20L);
        put(6, FIRST.plusSeconds(9), 10L);
        put(7, FIRST, 20L);
        assertThat(order()).containsExactly(6L, 7L, 5L, 2L, 3L, 4L, 1L);
    }

    /** {@link System#nanoTime} may begin anywhere, and overflow. */
    @Test
    void comparesTurnsByTheirDistance() {
        put(1, FIRST, Long.MIN_VALUE + 5);
        put(2, FIRST, Long.MAX_VALUE - 5);
        assertThat(order()).containsExactly(2L, 1L);
    }

    @Test
    void takesWhatIsMostUrgentWhenAPlaceIsFree() throws Exception {
        put(1, FIRST, null);
        put(2, FIRST, null);
        FerryQueue.Place place = take(1);
        assertThat(queue.poll(10, TimeUnit.MILLISECONDS)).isNull();
        put(3, FIRST.plusSeconds(1), 10L);
        place.leave();
        FerryQueue.Place next = take(3);
        place.leave();
        assertThat(queue.poll(10, TimeUnit.MILLISECONDS))
                .as("left twice, given back once")
                .isNull();
        next.onDone(null);
        take(2).leave();
        assertThat(queue.poll(10, TimeUnit.MILLISECONDS)).as("empty").isNull();
        put(4, FIRST, null);
        take(4);
    }

    private FerryQueue.Place take(long id) throws InterruptedException {
        Exchange exchange = queue.poll(10, TimeUnit.SECONDS);
        assertThat(exchange.getMessage().getBody(Transfer.class).id()).isEqualTo(id);
        return exchange.getProperty(FerryQueue.PLACE, FerryQueue.Place.class);
    }

    private void put(long id, Instant claimed, Long turn) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage()
                .setBody(new Transfer(
                        id,
                        1,
                        1,
                        "Photo.url",
                        "1",
                        "source",
                        "url",
                        "host",
                        Optional.empty(),
                        "key",
                        null,
                        Transfer.ObjectState.NONE,
                        0,
                        false,
                        claimed,
                        null,
                        false));
        if (turn != null) {
            exchange.setProperty(FerryQueue.TURN, turn);
        }
        queue.add(exchange);
    }

    private List<Long> order() {
        List<Long> ids = new ArrayList<>();
        while (!queue.isEmpty()) {
            ids.add(queue.poll().getMessage().getBody(Transfer.class).id());
        }
        return ids;
    }
}
