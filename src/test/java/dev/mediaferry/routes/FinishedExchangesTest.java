package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.content.Content;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.run.RunOptions;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A finished exchange refers to no bytes. One that has become an old object before it went its way is collected late, and
 * everything that it refers to with it: with the bytes, that was a full collection every 500 rows.
 */
class FinishedExchangesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final class Notes extends EventNotifierSupport {

        private final Map<String, Exchange> ferried = new ConcurrentHashMap<>();

        @Override
        public void notify(CamelEvent event) {
            Exchange exchange = ((ExchangeEvent) event).getExchange();
            if ("ferry".equals(exchange.getFromRouteId())) {
                ferried.put(exchange.getExchangeId(), exchange);
            }
        }

        @Override
        public boolean isEnabled(CamelEvent event) {
            return event.getType() == CamelEvent.Type.ExchangeCreated;
        }
    }

    @Test
    void hasLetGoOfTheBytes() throws Exception {
        Engine engine = SANDBOX.engine();
        Notes notes = new Notes();
        engine.context().getManagementStrategy().addEventNotifier(notes);
        SANDBOX.photo("stored", SANDBOX.cdn().serving(Pictures.jpeg(1)));
        SANDBOX.photo("failed", SANDBOX.cdn().answering(404));
        engine.migrate(new RunOptions(List.of(), false, OptionalLong.empty(), OptionalInt.empty(), false));

        // Two transfers, and the batches that their settlements went into.
        assertThat(notes.ferried.values()).hasSizeGreaterThan(2).allSatisfy(exchange -> {
            assertThat(exchange.getProperty("transfer")).isNotNull();
            assertThat(exchange.getProperties().values()).noneMatch(Content.class::isInstance);
            assertThat(exchange.getMessage().getBody()).isNotInstanceOf(Content.class);
            assertThat(exchange.getUnitOfWork()).isNull();
        });
    }
}
