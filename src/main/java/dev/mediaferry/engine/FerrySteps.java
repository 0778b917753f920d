package dev.mediaferry.engine;

import dev.mediaferry.archive.Whereabouts;
import dev.mediaferry.content.Content;
import dev.mediaferry.content.LocalFiles;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.fetch.Answer;
import dev.mediaferry.fetch.Answers;
import dev.mediaferry.fetch.MediaClient;
import dev.mediaferry.fetch.SeenTwice;
import dev.mediaferry.fetch.Visit;
import dev.mediaferry.ledger.Settlement;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.link.InvalidLinkException;
import dev.mediaferry.link.Link;
import dev.mediaferry.registry.Category;
import dev.mediaferry.registry.Entry;
import dev.mediaferry.run.RepeatedContent;
import dev.mediaferry.run.Runs;
import dev.mediaferry.run.StorageBudget;
import dev.mediaferry.run.StoreCircuits;
import dev.mediaferry.run.Turns;
import dev.mediaferry.storage.Circuit;
import dev.mediaferry.storage.KeyTakenException;
import dev.mediaferry.storage.StoredObjects;
import dev.mediaferry.storage.StoredObjects.NewObject;
import dev.mediaferry.storage.TakenKeys;
import dev.mediaferry.storage.TakenKeys.Taken;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Message;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;
import org.apache.camel.component.http.HttpConstants;
import org.apache.camel.main.Main;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * The steps and conditions of {@code ferry.camel.yaml}: between the messages of the endpoints and the records that know
 * what to do. A transfer on its way stays in the exchange property {@value #TRANSFER}.
 */
final class FerrySteps {

    static final String TRANSFER = "transfer";
    private static final String CONTENT = "content";
    private static final String OBJECT = "object";
    private static final String VISIT = "visit";
    private static final String TAKEN = "taken";

    /** The bytes of a transfer whose file is compared with what may be stored already. */
    private static final String FILE = "file";

    /** The object whose put has begun: from then on the store may have it, whatever fails. */
    private static final String SENT = "sent";

    /** Longer than the turns of a host that is asked often are apart. */
    private static final Duration MOMENT = Duration.ofMillis(250);

    /** What the ledger calls a picture that is stored without the marker of its end, as it came. */
    private static final String END_MARKER = "end-marker";

    private final SeenTwice twice = new SeenTwice();
    private final Runs runs;
    private final Turns turns;
    private final StoreCircuits circuits;
    private final Answers answers;
    private final LocalFiles files;
    private final Whereabouts whereabouts;
    private final long maxBytes;
    private final RepeatedContent repeated;
    private final StoredObjects objects;
    private final TakenKeys taken;
    private final StorageBudget budget;
    private final String cacheControl;

    FerrySteps(
            Runs runs,
            Turns turns,
            StoreCircuits circuits,
            Answers answers,
            LocalFiles files,
            Whereabouts whereabouts,
            long maxBytes,
            RepeatedContent repeated,
            StoredObjects objects,
            TakenKeys taken,
            StorageBudget budget,
            String cacheControl) {
        this.runs = runs;
        this.turns = turns;
        this.circuits = circuits;
        this.answers = answers;
        this.files = files;
        this.whereabouts = whereabouts;
        this.maxBytes = maxBytes;
        this.repeated = repeated;
        this.objects = objects;
        this.taken = taken;
        this.budget = budget;
        this.cacheControl = cacheControl;
    }

    void bind(Main main) {
        bind(main, "begin-transfer", FerrySteps::begin);
        bind(main, "request-medium", this::request);
        bind(main, "receive-medium", this::receive);
        bind(main, "read-file", this::readFile);
        bind(main, "name-object", this::name);
        bind(main, "describe-object", this::describe);
        bind(main, "compare-file", this::compareFile);
        bind(main, "name-taken", this::nameTaken);
        bind(main, "begin-taken", FerrySteps::beginTaken);
        bind(main, "judge-taken", this::judgeTaken);
        bind(main, "confirm-object", this::confirm);
        main.bind("may-be-stored", (Predicate) exchange -> objects.mayBeStored(body(exchange, Transfer.class)));
        main.bind("has-to-wait", (Predicate) exchange -> turns.hasToWait(body(exchange, Transfer.class)));
        main.bind("is-file", (Predicate) exchange -> isFile(body(exchange, Transfer.class)));
        main.bind("is-shared", (Predicate)
                exchange -> exchange.getProperty(OBJECT, NewObject.class).reserved());
        main.bind("is-reproducible", (Predicate)
                exchange -> exchange.getProperty(OBJECT, NewObject.class).reproducible());
        main.bind("has-to-be-read", (Predicate) exchange -> taken.hasToBeRead(body(exchange, Taken.class)));
        main.bind("has-to-come-back", (Predicate) this::hasToComeBack);
        main.bind("time-to-wait", expression(this::timeToWait));
        main.bind("entry-of-settlement", expression(exchange -> body(exchange, Settlement.class)
                .entry()));
    }

    private static void begin(Exchange exchange) {
        exchange.setProperty(TRANSFER, exchange.getMessage().getBody());
    }

    /** Late for its turn by a moment, a row comes back in a moment; one that has had no turn yet gets one. */
    private long timeToWait(Exchange exchange) {
        Visit visit = exchange.getProperty(VISIT, Visit.class);
        boolean late = visit != null
                && exchange.getProperty(FerryQueue.TURN) != null
                && visit.comeBackIn().compareTo(MOMENT) <= 0;
        Duration wait = visit != null && (late || visit.crowded())
                ? visit.comeBackIn()
                : turns.reserve(body(exchange, Transfer.class));
        exchange.setProperty(FerryQueue.TURN, System.nanoTime() + wait.toNanos());
        return wait.plusNanos(999_999).toMillis();
    }

    private boolean hasToComeBack(Exchange exchange) {
        FerryQueue.Place place = place(exchange);
        boolean downloads = false;
        try {
            Optional<Visit> visit = visit(exchange);
            downloads = visit.isPresent() && visit.get().begun();
            return visit.isPresent() && !downloads;
        } finally {
            if (downloads) {
                exchange.getExchangeExtension().addOnCompletion(place);
            } else {
                place.leave();
            }
        }
    }

    /** @return empty for files, and for what has expired, which asks nobody */
    private Optional<Visit> visit(Exchange exchange) {
        Transfer transfer = body(exchange, Transfer.class);
        if (transfer.expired()) {
            return Optional.empty();
        }
        turns.checkWanted(transfer);
        Runnable leaveStore = circuits.enter(transfer);
        boolean goesOn = false;
        try {
            Optional<Visit> visit = isFile(transfer) ? Optional.empty() : Optional.of(turns.enter(transfer));
            visit.ifPresent(begun -> exchange.setProperty(VISIT, begun));
            goesOn = visit.map(Visit::begun).orElse(true);
            return visit;
        } finally {
            if (!goesOn) {
                leaveStore.run();
            } else if (leaveStore != Circuit.UNCOUNTED) {
                atTheEnd(exchange, leaveStore);
            }
        }
    }

    private static void atTheEnd(Exchange exchange, Runnable task) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                task.run();
            }
        });
    }

    private static FerryQueue.Place place(Exchange exchange) {
        return exchange.getProperty(FerryQueue.PLACE, FerryQueue.Place.class);
    }

    private void request(Exchange exchange) throws InvalidLinkException {
        Transfer transfer = body(exchange, Transfer.class);
        answers.checkDeadline(transfer);
        exchange.getMessage()
                .setHeader(HttpConstants.HTTP_URI, MediaClient.endpoint(withoutPlaceholders(transfer.url())));
        // The bytes tell whether they are encoded, not the header that the endpoint would believe.
        exchange.setProperty(Exchange.SKIP_GZIP_ENCODING, true);
    }

    /** Camel resolves placeholders in what it requests. The planner leaves no braces in a link; a ledger may be edited. */
    private static String withoutPlaceholders(String url) throws InvalidLinkException {
        return url.indexOf('{') < 0 ? url : Link.parse(url).uri().toString();
    }

    private void receive(Exchange exchange) throws Exception {
        Message answer = exchange.getMessage();
        Transfer transfer = repaired(exchange.getProperty(TRANSFER, Transfer.class), text(answer, MediaClient.REPAIR));
        exchange.setProperty(TRANSFER, transfer);
        Content content = answers.content(
                new Answer(
                        answer.getBody(InputStream.class),
                        answer.getHeader(HttpConstants.HTTP_RESPONSE_CODE, Integer.class),
                        text(answer, "Content-Length"),
                        text(answer, "Content-Range"),
                        text(answer, "Content-Type"),
                        text(answer, "Content-Encoding"),
                        text(answer, "Retry-After"),
                        text(answer, MediaClient.ANSWERED_AT)),
                entry(transfer).types());
        closeWith(exchange, content);
        exchange.getProperty(VISIT, Visit.class).end();
        place(exchange).leave();
        if (content.endless()) {
            twice.check(transfer.id(), content.sha256());
            note(exchange, END_MARKER);
        }
        repeated.check(transfer, content);
        answer.removeHeaders("*");
        answer.setBody(content);
    }

    private void readFile(Exchange exchange) throws IOException {
        Content content = file(body(exchange, Transfer.class));
        closeWith(exchange, content);
        if (content.endless()) {
            note(exchange, END_MARKER);
        }
        exchange.getMessage().setBody(content);
    }

    /** For the look at what may be stored already. A file that is gone since may have been stored before. */
    private void compareFile(Exchange exchange) throws IOException {
        try {
            Content content = file(body(exchange, Transfer.class));
            closeWith(exchange, content);
            exchange.setProperty(FILE, content);
        } catch (TransferException e) {
            if (e.kind() != FailureKind.MISSING_FILE) {
                throw e;
            }
        }
    }

    private Content file(Transfer transfer) throws IOException {
        Entry entry = entry(transfer);
        try {
            return files.read(
                    entry.folder().orElseGet(() -> runs.folder(transfer)),
                    transfer.url(),
                    entry.maxBytes().orElse(maxBytes),
                    entry.types(),
                    entry.md5(transfer.source()));
        } catch (TransferException e) {
            if (e.kind() != FailureKind.MISSING_FILE) {
                throw e;
            }
            throw whereabouts
                    .of(entry, transfer)
                    .map(places -> new TransferException(
                            FailureKind.MISSING_FILE, "the file is not there; looked for " + places, e))
                    .orElse(e);
        }
    }

    /** The ledger tells it beside what was mended in links. */
    static void note(Exchange exchange, String what) {
        Transfer transfer = exchange.getProperty(TRANSFER, Transfer.class);
        String noted = transfer.repair() == null ? what : transfer.repair() + "," + what;
        exchange.setProperty(TRANSFER, transfer.repaired(transfer.url(), noted));
    }

    private boolean isFile(Transfer transfer) {
        return entry(transfer).source() == Entry.Source.FILE;
    }

    private Entry entry(Transfer transfer) {
        return runs.entry(transfer.entry());
    }

    /**
     * Lets go of the bytes when all is done with the exchange. One that has waited in the queue for long lies among the old
     * objects, and what it refers to would stay until these are collected.
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

    /** @param repair as {@link MediaClient#REPAIR} says, or null */
    private static Transfer repaired(Transfer transfer, String repair) {
        if (repair == null) {
            return transfer;
        }
        int blank = repair.indexOf(' ');
        return transfer.repaired(repair.substring(blank + 1), repair.substring(0, blank));
    }

    private void name(Exchange exchange) {
        Content content = body(exchange, Content.class);
        exchange.setProperty(CONTENT, content);
        Transfer transfer = exchange.getProperty(TRANSFER, Transfer.class);
        exchange.setProperty(OBJECT, objects.of(transfer, content));
        if (entry(transfer) instanceof Category) {
            budget.reserve(transfer, content.length(), runs);
        }
    }

    private void describe(Exchange exchange) {
        Content content = body(exchange, Content.class);
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
        budget.release(exchange.getProperty(TRANSFER, Transfer.class));
        KeyTakenException failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, KeyTakenException.class);
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage()
                .setBody(new Taken(
                        exchange.getProperty(TRANSFER, Transfer.class),
                        exchange.getProperty(CONTENT, Content.class),
                        exchange.getProperty(OBJECT, NewObject.class),
                        failure.there()));
    }

    private static void beginTaken(Exchange exchange) {
        Taken found = body(exchange, Taken.class);
        exchange.setProperty(TRANSFER, found.transfer());
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
        Settlement settlement = taken.settle(found, bytes);
        found.content().checkUnchanged();
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(settlement);
    }

    private void confirm(Exchange exchange) {
        Message answer = exchange.getMessage();
        Content content = (Content) exchange.removeProperty(CONTENT);
        content.checkUnchanged();
        Settlement stored = objects.stored(
                exchange.getProperty(TRANSFER, Transfer.class),
                content,
                exchange.getProperty(OBJECT, NewObject.class),
                answer.getHeader(AWS2S3Constants.E_TAG, String.class));
        circuits.stored(exchange.getProperty(TRANSFER, Transfer.class));
        budget.stored(exchange.getProperty(TRANSFER, Transfer.class));
        answer.removeHeaders("*");
        answer.setBody(stored);
    }

    private static void bind(Main main, String name, Processor processor) {
        main.bind(name, processor);
    }

    private static Expression expression(java.util.function.Function<Exchange, Object> function) {
        return new ExpressionAdapter() {
            @Override
            public Object evaluate(Exchange exchange) {
                return function.apply(exchange);
            }
        };
    }

    private static <T> T body(Exchange exchange, Class<T> type) {
        return type.cast(exchange.getMessage().getBody());
    }

    /** A header that came twice is a list, and as good as none. */
    private static String text(Message message, String header) {
        return message.getHeader(header) instanceof String value ? value : null;
    }
}
