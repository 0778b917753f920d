package dev.mediaferry.engine;

import dev.mediaferry.content.Content;
import dev.mediaferry.entry.Category;
import dev.mediaferry.ferry.StoredObjects;
import dev.mediaferry.ferry.StoredObjects.NewObject;
import dev.mediaferry.ferry.TakenKeys;
import dev.mediaferry.ferry.TakenKeys.Taken;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.ledger.TransferResult;
import dev.mediaferry.run.Runs;
import dev.mediaferry.run.StorageBudget;
import dev.mediaferry.run.StoreCircuits;
import dev.mediaferry.storage.KeyTakenException;
import java.io.InputStream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;
import org.apache.camel.main.Main;

/**  * The steps and conditions of {@code ferry.camel.yaml} that store a medium, or judge what lies under its key already. */
final class StoreSteps {

    private static final String OBJECT = "object";
    private static final String TAKEN = "taken";

    /** The object whose put has begun: from then on the store may have it, whatever fails. */
    private static final String SENT = "sent";

    private final Runs runs;
    private final StoreCircuits circuits;
    private final StoredObjects objects;
    private final TakenKeys taken;
    private final StorageBudget budget;
    private final String cacheControl;

    StoreSteps(
            Runs runs,
            StoreCircuits circuits,
            StoredObjects objects,
            TakenKeys taken,
            StorageBudget budget,
            String cacheControl) {
        this.runs = runs;
        this.circuits = circuits;
        this.objects = objects;
        this.taken = taken;
        this.budget = budget;
        this.cacheControl = cacheControl;
    }

    void bind(Main main) {
        main.bind("name-object", (Processor) this::name);
        main.bind("describe-object", (Processor) this::describe);
        main.bind("name-taken", (Processor) this::nameTaken);
        main.bind("begin-taken", (Processor) StoreSteps::beginTaken);
        main.bind("judge-taken", (Processor) this::judgeTaken);
        main.bind("confirm-object", (Processor) this::confirm);
        main.bind(
                "may-be-stored", (Predicate) exchange -> objects.mayBeStored(Ferrying.body(exchange, Transfer.class)));
        main.bind("is-shared", (Predicate)
                exchange -> exchange.getProperty(OBJECT, NewObject.class).reserved());
        main.bind("is-reproducible", (Predicate)
                exchange -> exchange.getProperty(OBJECT, NewObject.class).reproducible());
        main.bind("has-to-be-read", (Predicate) exchange -> taken.hasToBeRead(Ferrying.body(exchange, Taken.class)));
        main.bind("entry-of-settlement", Ferrying.expression(exchange -> Ferrying.body(exchange, TransferResult.class)
                .entry()));
    }

    private void name(Exchange exchange) {
        Content content = Ferrying.body(exchange, Content.class);
        exchange.setProperty(Ferrying.CONTENT, content);
        Transfer transfer = Ferrying.transfer(exchange);
        exchange.setProperty(OBJECT, objects.of(transfer, content));
        if (runs.entry(transfer.entry()) instanceof Category) {
            budget.reserve(transfer, content.length(), runs);
        }
    }

    private void describe(Exchange exchange) {
        Content content = Ferrying.body(exchange, Content.class);
        NewObject object = exchange.getProperty(OBJECT, NewObject.class);
        Message message = exchange.getMessage();
        message.setHeader(AWS2S3Constants.OVERRIDE_BUCKET_NAME, object.bucket());
        message.setHeader(AWS2S3Constants.KEY, object.key());
        message.setHeader(AWS2S3Constants.CONTENT_TYPE, content.type().name());
        message.setHeader(AWS2S3Constants.CONTENT_LENGTH, content.length());
        message.setHeader(AWS2S3Constants.CACHE_CONTROL, cacheControl);
        message.setHeader(AWS2S3Constants.CANNED_ACL, object.acl());
        message.setHeader(AWS2S3Constants.METADATA, object.metadata());
        message.setBody(content.payload());
        exchange.setProperty(SENT, object);
    }

    private void nameTaken(Exchange exchange) {
        budget.release(Ferrying.transfer(exchange));
        KeyTakenException failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, KeyTakenException.class);
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage()
                .setBody(new Taken(
                        Ferrying.transfer(exchange),
                        exchange.getProperty(Ferrying.CONTENT, Content.class),
                        exchange.getProperty(OBJECT, NewObject.class),
                        failure.there()));
    }

    private static void beginTaken(Exchange exchange) {
        Taken found = Ferrying.body(exchange, Taken.class);
        exchange.setProperty(Ferrying.TRANSFER, found.transfer());
        exchange.setProperty(TAKEN, found);
        exchange.getMessage()
                .setHeader(AWS2S3Constants.OVERRIDE_BUCKET_NAME, found.object().bucket());
        exchange.getMessage().setHeader(AWS2S3Constants.KEY, found.object().key());
    }

    private void judgeTaken(Exchange exchange) {
        Taken found = exchange.getProperty(TAKEN, Taken.class);
        InputStream bytes = exchange.getMessage().getBody() instanceof Taken
                ? null
                : exchange.getMessage().getBody(InputStream.class);
        TransferResult settlement = taken.settle(found, bytes);
        found.content().checkUnchanged();
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(settlement);
    }

    private void confirm(Exchange exchange) {
        Message answer = exchange.getMessage();
        Content content = (Content) exchange.removeProperty(Ferrying.CONTENT);
        content.checkUnchanged();
        TransferResult stored = objects.stored(
                Ferrying.transfer(exchange),
                content,
                exchange.getProperty(OBJECT, NewObject.class),
                answer.getHeader(AWS2S3Constants.E_TAG, String.class));
        circuits.stored(Ferrying.transfer(exchange));
        budget.stored(Ferrying.transfer(exchange));
        answer.removeHeaders("*");
        answer.setBody(stored);
    }
}
