package dev.mediaferry.engine;

import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.run.Claims;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of {@code migrate.camel.yaml} between a transfer's number, which travels, and the transfer, which does not. */
final class DispatchSteps {

    private static final Logger LOG = LoggerFactory.getLogger(DispatchSteps.class);
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final long NOBODYS = -1;

    private final Claims claims;

    DispatchSteps(Claims claims) {
        this.claims = claims;
    }

    void bind(Main main) {
        main.bind("find-claim", (Processor) this::find);
        main.bind("is-others-claim", (Predicate)
                exchange -> !(exchange.getMessage().getBody() instanceof Transfer));
    }

    /** A body that is no transfer afterwards is a number that another process has sent, or no number of any. */
    private void find(Exchange exchange) {
        String text = exchange.getMessage().getBody(String.class);
        long number = text != null && NUMBER.matcher(text).matches() ? Long.parseLong(text) : NOBODYS;
        if (number == NOBODYS) {
            LOG.warn("{} has sent something that is no transfer's number", exchange.getFromEndpoint());
        }
        Optional<Transfer> transfer = claims.take(number);
        exchange.getMessage().setBody(transfer.isPresent() ? transfer.get() : number);
    }
}
