package dev.mediaferry.engine;

import dev.mediaferry.compress.Compressed;
import dev.mediaferry.compress.Compressor;
import dev.mediaferry.compress.Foresight;
import dev.mediaferry.content.Content;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.format.SkipReason;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.run.Runs;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The step of {@code ferry.camel.yaml} that makes pictures smaller, and the condition for it. */
final class CompressionSteps {

    private static final Logger LOG = LoggerFactory.getLogger(CompressionSteps.class);

    private final Runs runs;
    private final Compressor compressor;
    private final AtomicBoolean unavailable = new AtomicBoolean();

    /** @param compressor null when no entry is compressed */
    CompressionSteps(Runs runs, Compressor compressor) {
        this.runs = runs;
        this.compressor = compressor;
    }

    void bind(Main main) {
        main.bind("is-compressed", (Predicate)
                exchange -> entry(exchange).media().compression().isPresent());
        main.bind("compress-content", (Processor) this::compress);
    }

    private void compress(Exchange exchange) {
        Content original = (Content) exchange.getMessage().getBody();
        Compressed compressed = compressor.compress(
                original, entry(exchange).media().compression().orElseThrow());
        if (compressed.kept().isPresent()) {
            tell(exchange, compressed.kept().get(), compressed.note());
            // Of a type that the settings leave alone the operator knows.
            Optional<String> reason = compressed.kept().get() == SkipReason.TYPE
                    ? Foresight.ofType(original.type())
                    : compressed.kept().map(SkipReason::label);
            reason.ifPresent(label -> Ferrying.note(exchange, "kept-" + label));
        } else {
            Content content = compressed.content().madeOf(original);
            Ferrying.closeWith(exchange, content);
            exchange.getMessage().setBody(content);
        }
        // What was read in several goes may be of two versions of the file.
        original.checkUnchanged();
    }

    /** Most originals are kept for good reasons, which are in nobody's way; these are not. */
    private void tell(Exchange exchange, SkipReason kept, String note) {
        String file = transfer(exchange).rowKey();
        if (kept == SkipReason.UNAVAILABLE && unavailable.compareAndSet(false, true)) {
            LOG.warn("{} and all others are stored as they are: {}", file, note);
        } else if (kept == SkipReason.FAILED) {
            LOG.warn("{} could not be compressed and is stored as it is: {}", file, note);
        } else {
            LOG.debug("{} is stored as it is, {}: {}", file, kept.label(), note);
        }
    }

    private Entry entry(Exchange exchange) {
        return runs.entry(transfer(exchange).entry());
    }

    private static Transfer transfer(Exchange exchange) {
        return Ferrying.transfer(exchange);
    }
}
