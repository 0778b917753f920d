package dev.mediaferry.engine;

import dev.mediaferry.content.Content;
import dev.mediaferry.ledger.Transfer;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.SynchronizationAdapter;

/** What the steps of {@code ferry.camel.yaml} leave to each other in the exchange of a transfer. */
final class Ferrying {

    /** The transfer, on all of its way. */
    static final String TRANSFER = "transfer";

    /** Its bytes, until they are stored. */
    static final String CONTENT = "content";

    /** The permit to ask its host. */
    static final String PERMIT = "permit";

    /** The bytes of a transfer whose file is compared with what may be stored already. */
    static final String FILE = "file";

    private Ferrying() {}

    static Transfer transfer(Exchange exchange) {
        return exchange.getProperty(TRANSFER, Transfer.class);
    }

    /** The ledger tells it beside what was mended in links. */
    static void note(Exchange exchange, String what) {
        Transfer transfer = transfer(exchange);
        String noted = transfer.repair() == null ? what : transfer.repair() + "," + what;
        exchange.setProperty(TRANSFER, transfer.repaired(transfer.url(), noted));
    }

    /**
     * Frees the bytes when the exchange is done. One that has waited long in the queue lies among the old objects, and what
     * it refers to would stay until these are collected.
     */
    static void closeWith(Exchange exchange, Content content) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                done.removeProperty(CONTENT);
                content.close();
            }
        });
    }

    static Expression expression(Function<Exchange, Object> function) {
        return new ExpressionAdapter() {
            @Override
            public Object evaluate(Exchange exchange) {
                return function.apply(exchange);
            }
        };
    }

    static <T> T body(Exchange exchange, Class<T> type) {
        return type.cast(exchange.getMessage().getBody());
    }
}
