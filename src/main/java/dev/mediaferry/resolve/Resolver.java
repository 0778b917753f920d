package dev.mediaferry.resolve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.ledger.Settlement.Failed;
import dev.mediaferry.ledger.Settlement.Resolution;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.link.Deadlines;
import dev.mediaferry.link.InvalidLinkException;
import dev.mediaferry.link.Link;
import dev.mediaferry.registry.Field;
import dev.mediaferry.storage.OurAddresses;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks the user's application for a fresh link, once per transfer, when the one that stands in the row no longer works.
 *
 * <p>The question is {@code {"field": "Table.column", "id": "row id as text", "link": "the pointer's text"}}; the answer
 * is 200 with {@code {"link": "https://…"}}, or 204 or 404 when there is none. Any other answer is a failed attempt.
 */
public final class Resolver {

    /** What a fresh link may help against. */
    private static final Set<FailureKind> LOST = Set.of(FailureKind.GONE, FailureKind.EXPIRED, FailureKind.FORBIDDEN);

    private final Map<String, URI> endpoints = new HashMap<>();
    private final Map<String, Deadlines> deadlines = new HashMap<>();
    private final OurAddresses ours;

    public Resolver(Collection<Field> fields, OurAddresses ours) {
        fields.forEach(field -> field.resolve().ifPresent(endpoint -> endpoints.put(field.name(), endpoint)));
        fields.forEach(field -> deadlines.put(field.name(), field.deadlines()));
        this.ours = ours;
    }

    /** @return true when the transfer's application has not been asked, and may know another link */
    public boolean mayHelp(Failed failed) {
        return failed.next().isEmpty()
                && LOST.contains(failed.kind())
                && !failed.transfer().asked()
                && endpoints.containsKey(failed.entry());
    }

    public URI endpoint(Failed failed) {
        return endpoints.get(failed.entry());
    }

    /** @return the body of the request, which is sent as JSON */
    public Map<String, String> question(Failed failed) {
        Transfer transfer = failed.transfer();
        Map<String, String> question = new LinkedHashMap<>();
        question.put("field", transfer.entry());
        question.put("id", transfer.rowKey());
        question.put("link", transfer.source());
        return question;
    }

    /**
     * @param answer of status 200; null where there is none
     * @return the failure, to be tried again at once with the fresh link; or final, when there is none
     */
    public Failed answered(Failed failed, int status, JsonNode answer) {
        if (status == 204 || status == 404) {
            return failed.resolved(nothing(), "the resolver knows no other link");
        }
        if (status != 200) {
            return failed.resolved(nothing(), "the resolver answered HTTP " + status);
        }
        try {
            JsonNode link = answer == null ? null : answer.get("link");
            if (link == null || !link.isTextual()) {
                return failed.resolved(nothing(), "the resolver's answer has no text as \"link\"");
            }
            return fresh(failed, Link.parse(link.textValue()));
        } catch (InvalidLinkException e) {
            return failed.resolved(nothing(), "the resolver named something that is no link: " + e.getMessage());
        }
    }

    /** The application has said something, but not in JSON. */
    public Failed unreadable(Failed failed) {
        return failed.resolved(nothing(), "the resolver's answer is no JSON");
    }

    private Failed fresh(Failed failed, Link link) {
        if (ours.contain(link)) {
            return failed.resolved(nothing(), "the resolver named a link into our own bucket");
        }
        if (link.uri().toString().equals(failed.transfer().url())) {
            return failed.resolved(nothing(), "the resolver named the same link again");
        }
        Resolution fresh =
                new Resolution(Optional.of(link), deadlines.get(failed.entry()).of(link));
        return failed.resolved(fresh, "the resolver named a fresh link");
    }

    /** The application could not be asked: that costs this attempt, and no more. */
    public Failed unanswered(Failed failed, Throwable cause) {
        for (Throwable part = cause; part != null; part = part.getCause()) {
            if (part instanceof InterruptedIOException) {
                return failed.resolved(nothing(), "the resolver is too slow");
            }
        }
        return failed.resolved(
                nothing(),
                "the resolver could not be asked: " + cause.getClass().getSimpleName());
    }

    private static Resolution nothing() {
        return new Resolution(Optional.empty(), Optional.empty());
    }
}
