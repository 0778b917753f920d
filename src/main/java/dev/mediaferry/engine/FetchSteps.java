package dev.mediaferry.engine;

import dev.mediaferry.archive.Whereabouts;
import dev.mediaferry.content.Content;
import dev.mediaferry.content.LocalFiles;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.ferry.RepeatedContent;
import dev.mediaferry.fetch.Answer;
import dev.mediaferry.fetch.MediaClient;
import dev.mediaferry.fetch.ResponseReader;
import dev.mediaferry.fetch.SeenTwice;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.link.InvalidLinkException;
import dev.mediaferry.link.Link;
import dev.mediaferry.pace.Permit;
import dev.mediaferry.run.Runs;
import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.component.http.HttpConstants;
import org.apache.camel.main.Main;

/**  * The steps and conditions of {@code ferry.camel.yaml} that get the bytes of a transfer, from its host or from a folder. */
final class FetchSteps {

    /** What the ledger calls a picture that is stored without the marker of its end, as it came. */
    private static final String END_MARKER = "end-marker";

    private final SeenTwice twice = new SeenTwice();
    private final Runs runs;
    private final ResponseReader answers;
    private final LocalFiles files;
    private final Whereabouts whereabouts;
    private final long maxBytes;
    private final RepeatedContent repeated;

    FetchSteps(
            Runs runs,
            ResponseReader answers,
            LocalFiles files,
            Whereabouts whereabouts,
            long maxBytes,
            RepeatedContent repeated) {
        this.runs = runs;
        this.answers = answers;
        this.files = files;
        this.whereabouts = whereabouts;
        this.maxBytes = maxBytes;
        this.repeated = repeated;
    }

    void bind(Main main) {
        main.bind("begin-transfer", (Processor) FetchSteps::begin);
        main.bind("request-medium", (Processor) this::request);
        main.bind("receive-medium", (Processor) this::receive);
        main.bind("read-file", (Processor) this::readFile);
        main.bind("compare-file", (Processor) this::compareFile);
        main.bind("is-file", (Predicate) exchange -> isFile(Ferrying.body(exchange, Transfer.class)));
    }

    private static void begin(Exchange exchange) {
        exchange.setProperty(Ferrying.TRANSFER, exchange.getMessage().getBody());
    }

    private void request(Exchange exchange) throws InvalidLinkException {
        Transfer transfer = Ferrying.body(exchange, Transfer.class);
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
        Transfer transfer = repaired(Ferrying.transfer(exchange), text(answer, MediaClient.REPAIR));
        exchange.setProperty(Ferrying.TRANSFER, transfer);
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
                entry(transfer).media().types());
        Ferrying.closeWith(exchange, content);
        exchange.getProperty(Ferrying.PERMIT, Permit.class).end();
        FerryQueue.place(exchange).leave();
        if (content.endless()) {
            twice.check(transfer.id(), content.sha256());
            Ferrying.note(exchange, END_MARKER);
        }
        repeated.check(transfer, content);
        answer.removeHeaders("*");
        answer.setBody(content);
    }

    private void readFile(Exchange exchange) throws IOException {
        Content content = file(Ferrying.body(exchange, Transfer.class));
        Ferrying.closeWith(exchange, content);
        if (content.endless()) {
            Ferrying.note(exchange, END_MARKER);
        }
        exchange.getMessage().setBody(content);
    }

    /** For the look at what may be stored already. A file that is gone since may have been stored before. */
    private void compareFile(Exchange exchange) throws IOException {
        try {
            Content content = file(Ferrying.body(exchange, Transfer.class));
            Ferrying.closeWith(exchange, content);
            exchange.setProperty(Ferrying.FILE, content);
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
                    entry.media().folder().orElseGet(() -> runs.folder(transfer)),
                    transfer.url(),
                    entry.media().maxBytes().orElse(maxBytes),
                    entry.media().types(),
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

    private boolean isFile(Transfer transfer) {
        return entry(transfer).source() == Entry.Source.FILE;
    }

    private Entry entry(Transfer transfer) {
        return runs.entry(transfer.entry());
    }

    /** @param repair as {@link MediaClient#REPAIR} says, or null */
    private static Transfer repaired(Transfer transfer, String repair) {
        if (repair == null) {
            return transfer;
        }
        int blank = repair.indexOf(' ');
        return transfer.repaired(repair.substring(blank + 1), repair.substring(0, blank));
    }

    /** A header that came twice is a list, and as good as none. */
    private static String text(Message message, String header) {
        return message.getHeader(header) instanceof String value ? value : null;
    }
}
