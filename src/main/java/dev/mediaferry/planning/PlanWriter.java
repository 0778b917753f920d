package dev.mediaferry.planning;

import dev.mediaferry.address.AddressGuard;
import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.link.InvalidLinkException;
import dev.mediaferry.link.Link;
import dev.mediaferry.pace.HostLimits;
import dev.mediaferry.plan.Outline;
import dev.mediaferry.run.FieldRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Writes down which rows a run would move, what stands in their way, and how large they are. */
public final class PlanWriter {

    /** A host that answers so is not asked again: a plan is not worth a ban. */
    private static final Set<Integer> TOO_MANY = Set.of(429, 503);

    /** Between two looks whether a host has turns to give away. */
    private static final long LOOK_AGAIN_MILLIS = 250;

    private final AddressGuard guard;
    private final HostLimits pace;

    public PlanWriter(AddressGuard guard, HostLimits pace) {
        this.guard = guard;
        this.pace = pace;
    }

    public boolean asked(CandidatePage page) {
        return page.field().run().options().outline().isPresent();
    }

    /** @param rows of {@code held-transfers.sql} */
    public PlanWriterPage page(CandidatePage page, List<HeldRow> rows) {
        Set<Integer> held = HeldRow.places(rows, row -> true);
        PlanWriterPage outline = new PlanWriterPage(page.field(), page.rows(held), page.links(held));
        for (int i = 0; i < outline.size(); i++) {
            refusal(outline, i);
        }
        return outline;
    }

    /** @return the rows whose hosts are asked; none unless that was wanted */
    public List<PlanWriterPage.Question> questions(PlanWriterPage page) {
        return outline(page.field()).asksSizes() ? page.questions() : List.of();
    }

    /**
     * Sits while the host's turns are given away for longer than they are reserved, then reserves one.
     *
     * @throws TransferException when it is not to be asked any more: it said so, or the run was stopped
     */
    public void reserve(PlanWriterPage.Question question) throws InterruptedException {
        FieldRun field = question.field();
        while (true) {
            if (field.run().stopping()) {
                throw new TransferException(FailureKind.INTERRUPTED, "the run was stopped");
            }
            if (outline(field).leaves(question.host()) || pace.isOpen(question.host())) {
                throw new TransferException(FailureKind.HOST_PAUSED, question.host() + " asked us to stay away");
            }
            Duration wait = pace.reserve(question.host());
            if (wait.compareTo(HostLimits.LONGEST_WAIT) <= 0) {
                question.reserved(wait);
                return;
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    /** @param length as the host's header says, or null */
    public void answered(PlanWriterPage.Question question, int status, String length) {
        FieldRun field = question.field();
        if ((status == 200 || status == 203) && length != null && length.matches("\\d{1,18}")) {
            long bytes = Long.parseLong(length);
            question.told(bytes);
            outline(field).told(bytes);
        } else {
            if (TOO_MANY.contains(status)) {
                outline(field).leave(question.host());
            }
            outline(field).untold(status == 200 ? "no length" : "HTTP " + status);
        }
    }

    public void unanswered(PlanWriterPage.Question question, Throwable cause) {
        FieldRun field = question.field();
        TransferException failure = FailureClassifier.of(cause);
        outline(field).untold(failure.kind().label());
        if (failure.kind() == FailureKind.ADDRESS_REFUSED) {
            outline(field).block(field.name(), failure.kind().label(), failure.getMessage(), 1);
        }
    }

    public void write(PlanWriterPage page) {
        outline(page.field()).add(page.field().name(), page.rows());
    }

    private void refusal(PlanWriterPage page, int row) {
        FieldRun field = page.field();
        String deadline = page.rows().get(row).deadline();
        if (deadline != null && Instant.parse(deadline).isBefore(field.run().started())) {
            outline(field).block(field.name(), FailureKind.EXPIRED.label(), "past their own date", 1);
            page.block(row);
            return;
        }
        try {
            Link link = Link.parse(page.link(row));
            guard.refusal(link.host(), link.port()).ifPresent(why -> {
                outline(field).block(field.name(), FailureKind.ADDRESS_REFUSED.label(), why, 1);
                page.block(row);
            });
        } catch (InvalidLinkException e) {
            throw new IllegalStateException("a link that was one before", e);
        }
    }

    private static Outline outline(FieldRun field) {
        return field.run().options().outline().orElseThrow();
    }
}
