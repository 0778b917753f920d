package dev.mediaferry.console;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.reference.Finding;
import dev.mediaferry.reference.ReferenceState;
import dev.mediaferry.reference.ReferenceStatus;
import dev.mediaferry.reference.ReferenceWork;
import dev.mediaferry.reference.References;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.steer.AuditLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How columns that name media change their shape: each reference with its states as a line, and a button for its next step. */
final class ReferencePages {

    /** What the acts end with that are about references. */
    private static final String OF = "-reference";

    /** Acts that tell what is in the way. */
    private static final Set<String> STEPS = Stream.of("expand", "backfill", "verify", "contract", "revert", "finish")
            .map(step -> step + OF)
            .collect(Collectors.toUnmodifiableSet());

    /** What the fields begin with that accept a reason. */
    private static final String ACCEPT = "accept-";

    /** Acts that are looked at for what the last step has found. */
    private static final int LOOKED_BACK = 300;

    private final Registry registry;
    private final AuditLog audit;
    private final Supplier<References> references;
    private final Supplier<ReferenceWork> work;
    private final Acts acts;

    /**
     * A reference.
     *
     * @param states it goes through, in their order
     * @param next step that leads on; null after the last
     * @param back step that leads one state back; null before the first
     * @param look the last act that has found something, or was refused; null when the last one was not
     */
    public record Shown(ReferenceStatus status, List<Stage> states, String next, String back, Look look) {}

    /**
     * What an act has found.
     *
     * @param act its number
     * @param step like verify
     */
    public record Look(long act, String step, Instant at, List<Finding> findings) {}

    /** @param place past, here or ahead */
    public record Stage(String name, String place) {}

    ReferencePages(Operations operations, Acts acts) {
        this.registry = operations.registry();
        this.audit = operations.audit();
        this.references = operations.references();
        this.work = operations.referenceWork();
        this.acts = acts;
    }

    Answer show() {
        if (registry.references().isEmpty()) {
            return new Answer.Page("references", Map.of("references", List.of()));
        }
        List<AuditLog.Line> acted = audit.newest(Long.MAX_VALUE, LOOKED_BACK);
        List<Shown> shown = references.get().status(List.of()).stream()
                .map(status -> shown(status, look(acted, status.reference())))
                .toList();
        return new Answer.Page("references", Map.of("references", shown));
    }

    private static Look look(List<AuditLog.Line> acted, String reference) {
        return acted.stream()
                .filter(line -> STEPS.contains(line.act()) && line.ended() != null && line.outcome() != null)
                .filter(line ->
                        ActPages.tree(line.subject()).path("reference").asText().equals(reference))
                .findFirst()
                .map(line -> new Look(
                        line.id(),
                        line.act().replace(OF, ""),
                        line.at(),
                        ActPages.findings(ActPages.tree(line.outcome()))))
                .filter(look -> !look.findings().isEmpty())
                .orElse(null);
    }

    private static Shown shown(ReferenceStatus status, Look look) {
        List<Stage> stages = new ArrayList<>();
        String place = "past";
        for (ReferenceState state : ReferenceState.values()) {
            boolean here = state.label().equals(status.state());
            stages.add(new Stage(state.label(), here ? "here" : place));
            place = here ? "ahead" : place;
        }
        return new Shown(
                status,
                stages,
                next(status.state()).orElse(null),
                back(status.state()).orElse(null),
                look);
    }

    private static Optional<String> next(String state) {
        return switch (ReferenceState.valueOf(state.toUpperCase(Locale.ROOT))) {
            case PLANNED -> Optional.of("expand");
            case EXPANDED -> Optional.of("backfill");
            case FILLED -> Optional.of("verify");
            case PROVED -> Optional.of("contract");
            case RETIRED -> Optional.of("finish");
            case FINISHED -> Optional.empty();
        };
    }

    private static Optional<String> back(String state) {
        return switch (state) {
            case "planned" -> Optional.empty();
            case "finished" -> Optional.of("restore");
            default -> Optional.of("revert");
        };
    }

    /** Takes exactly the next step, goes one back, or has a backfill pause, go on, or take another share of the time. */
    Answer act(Asked asked) {
        String name = asked.form("reference").orElseThrow(() -> new ConfigurationException("name a reference"));
        String step = asked.form("step").orElse("");
        ReferenceStatus status = references.get().status(List.of(name)).get(0);
        Map<String, Object> subject = new HashMap<>(Map.of("reference", name));
        if (step.equals("share")) {
            int share = number(asked, "share")
                    .orElseThrow(() -> new ConfigurationException("name a share from 1 to 100 percent"));
            subject.put("share", share);
            Map<String, Object> unused = acts.now(asked.visitor(), step + OF, subject, () -> {
                references.get().share(name, share);
                return Map.of();
            });
            return new Answer.Redirect(Console.ROOT + "/references");
        }
        if (step.equals("pause") || step.equals("resume")) {
            Map<String, Object> unused = acts.now(asked.visitor(), step + OF, subject, () -> {
                references.get().pause(name, step.equals("pause"));
                return Map.of();
            });
            return new Answer.Redirect(Console.ROOT + "/references");
        }
        if (!Optional.of(step).equals(next(status.state()))
                && !Optional.of(step).equals(back(status.state()))) {
            throw new ConfigurationException(name + " is " + status.state() + " by now, where "
                    + next(status.state()).orElse("no step") + " comes next");
        }
        OptionalInt share = number(asked, "share");
        OptionalInt limit = number(asked, "limit");
        Map<String, String> accepted = accepted(asked);
        boolean acknowledged = asked.form("acknowledge").isPresent();
        share.ifPresent(percent -> subject.put("share", percent));
        limit.ifPresent(rows -> subject.put("limit", rows));
        accepted.forEach((reason, why) -> subject.put("accept " + reason, why));
        if (acknowledged) {
            subject.put("acknowledgeConflicts", true);
        }
        if (share.isPresent() && (share.getAsInt() < 1 || share.getAsInt() > 100)) {
            throw new ConfigurationException("a backfill is at work from 1 to 100 percent of the time");
        }
        OptionalLong most = limit.isPresent() ? OptionalLong.of(limit.getAsInt()) : OptionalLong.empty();
        return acts.later(asked.visitor(), step + OF, subject, progress -> {
            ReferenceWork steps = work.get();
            return switch (step) {
                case "backfill" -> steps.backfill(name, most, share);
                case "verify" -> steps.verify(name, acknowledged);
                case "contract" -> steps.contract(name, accepted);
                default -> take(steps, name, step);
            };
        });
    }

    private static OptionalInt number(Asked asked, String name) {
        Optional<String> given = asked.form(name);
        if (given.isEmpty()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Asked.number(given.get())
                .filter(number -> number > 0 && number <= Integer.MAX_VALUE)
                .map(Long::intValue)
                .orElseThrow(() -> new ConfigurationException(name + " is a number from 1 on")));
    }

    /** @return reasons not to go on that the operator accepts, and why */
    private static Map<String, String> accepted(Asked asked) {
        Map<String, String> accepted = new TreeMap<>();
        asked.form().keySet().stream().filter(name -> name.startsWith(ACCEPT)).forEach(name -> asked.form(name)
                .ifPresent(why -> accepted.put(name.substring(ACCEPT.length()), why)));
        return accepted;
    }

    private static Object take(ReferenceWork steps, String name, String step) {
        return switch (step) {
            case "expand" -> steps.expand(name);
            case "finish" -> steps.finish(name);
            case "restore" -> steps.restore(name);
            default -> steps.revert(name, false);
        };
    }
}
