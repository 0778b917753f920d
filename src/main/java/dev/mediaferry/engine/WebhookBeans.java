package dev.mediaferry.engine;

import dev.mediaferry.resolve.ResolverClient;
import dev.mediaferry.webhooks.Deliveries;
import dev.mediaferry.webhooks.DeliveryLedger;
import dev.mediaferry.webhooks.DeliveryRequest;
import dev.mediaferry.webhooks.DeliveryResult;
import dev.mediaferry.webhooks.DueDelivery;
import dev.mediaferry.webhooks.WebhookSettings;
import java.time.Clock;
import java.util.concurrent.Executors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.http.HttpConstants;
import org.apache.camel.main.Main;

/** What the routes refer to by name that deliver events. The delivery stays in the exchange property. */
final class WebhookBeans {

    private static final String DELIVERY = "delivery";

    /** Receivers that are asked at the same time. */
    private static final int DELIVERING = 8;

    private final Parts parts;
    private final WebhookSettings settings;
    private final Deliveries deliveries;

    WebhookBeans(Parts parts) {
        this.parts = parts;
        this.settings = WebhookSettings.of(parts.settings());
        this.deliveries = new Deliveries(settings, parts.services().database().ledgerId(), Clock.systemUTC());
    }

    void bind() {
        new DeliveryLedger(parts.services().database()).setTargets(settings.targets());
        Main main = parts.main();
        Resources resources = parts.resources();
        main.bind("deliveries", deliveries);
        main.bind("deliveryPool", resources.pool(Executors.newFixedThreadPool(DELIVERING)));
        main.bind(
                "receiverClient",
                resources
                        .keep(new ResolverClient(DELIVERING, settings.timeout()))
                        .client());
        main.bind("prepare-delivery", (Processor) this::prepare);
        main.bind("receive-answer", (Processor) this::receive);
        main.bind("miss-answer", (Processor) this::miss);
        parts.statements().webhooks();
    }

    private void prepare(Exchange exchange) {
        Message message = exchange.getMessage();
        DueDelivery delivery = message.getBody(DueDelivery.class);
        exchange.setProperty(DELIVERY, delivery);
        DeliveryRequest request = deliveries.request(delivery);
        message.removeHeaders("*");
        request.headers().forEach(message::setHeader);
        message.setHeader(HttpConstants.HTTP_URI, request.url().toString());
        message.setBody(request.body());
    }

    private void receive(Exchange exchange) {
        Message answer = exchange.getMessage();
        settle(
                exchange,
                deliveries.answered(
                        delivery(exchange),
                        answer.getHeader(HttpConstants.HTTP_RESPONSE_CODE, Integer.class),
                        answer.getHeader("Retry-After", String.class)));
    }

    private void miss(Exchange exchange) {
        settle(
                exchange,
                deliveries.unanswered(
                        delivery(exchange), exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class)));
    }

    private static DueDelivery delivery(Exchange exchange) {
        return exchange.getProperty(DELIVERY, DueDelivery.class);
    }

    private static void settle(Exchange exchange, DeliveryResult result) {
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(result);
    }
}
