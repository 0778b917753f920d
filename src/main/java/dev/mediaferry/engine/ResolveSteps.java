package dev.mediaferry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.ledger.Settlement.Failed;
import dev.mediaferry.resolve.Resolver;
import dev.mediaferry.resolve.ResolverClient;
import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.http.HttpConstants;
import org.apache.camel.main.Main;

/** The steps of {@code resolve.camel.yaml}. The failure that a fresh link may mend stays in the exchange property. */
final class ResolveSteps implements AutoCloseable {

    private static final String LOST = "lost";

    /** As many as the route has consumers. */
    private static final int CONNECTIONS = 8;

    private final Resolver resolver;
    private final ResolverClient client = new ResolverClient(CONNECTIONS, ResolverClient.LONGEST);

    ResolveSteps(Resolver resolver) {
        this.resolver = resolver;
    }

    void bind(Main main) {
        main.bind("resolverClient", client.client());
        main.bind("ask-application", (Processor) this::ask);
        main.bind("receive-link", (Processor) this::receive);
    }

    private void ask(Exchange exchange) {
        Message message = exchange.getMessage();
        Failed lost = (Failed) message.getBody();
        exchange.setProperty(LOST, lost);
        message.removeHeaders("*");
        message.setHeader(HttpConstants.HTTP_URI, resolver.endpoint(lost).toString());
        message.setHeader(HttpConstants.CONTENT_TYPE, "application/json; charset=utf-8");
        message.setBody(resolver.question(lost));
    }

    private void receive(Exchange exchange) {
        Message answer = exchange.getMessage();
        Failed settlement = resolver.answered(
                exchange.getProperty(LOST, Failed.class),
                answer.getHeader(HttpConstants.HTTP_RESPONSE_CODE, Integer.class),
                answer.getBody() instanceof JsonNode body ? body : null);
        answer.removeHeaders("*");
        answer.setBody(settlement);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
