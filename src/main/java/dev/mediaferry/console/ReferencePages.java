package dev.mediaferry.console;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.reference.ReferenceState;
import dev.mediaferry.reference.ReferenceStatus;
import dev.mediaferry.reference.ReferenceWork;
import dev.mediaferry.reference.References;
import dev.mediaferry.registry.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** How columns that name media change their shape: each reference with its states as a line, and a button for its next step. */
final class ReferencePages {

    private final Registry registry;
    private final Supplier<References> references;
    private final Supplier<ReferenceWork> work;
    private final Acts acts;

    /**
     * A reference.
     *
     * @param states it goes through, in their order
     * @param next step that leads on; null after the last
     * @param back step that leads one state back; null before the first
     */
    public record Shown(ReferenceStatus status, List<Stage> states, String next, String back) {}

    /** @param place past, here or ahead */
    public record Stage(String name, String place) {}

    ReferencePages(Operations operations, Acts acts) {
        this.registry = operations.registry();
        this.references = operations.references();
        this.work = operations.referenceWork();
        this.acts = acts;
    }

    Answer show() {
        List<Shown> shown = registry.references().isEmpty()
                ? List.of()
                : references.get().status(List.of()).stream()
                        .map(ReferencePages::shown)
                        .toList();
        return new Answer.Page("references", Map.of("references", shown));
    }

    private static Shown shown(ReferenceStatus status) {
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
                back(status.state()).orElse(null));
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

    /** Takes exactly the next step, goes one back, or has a backfill pause or go on. */
    Answer act(Asked asked) {
        String name = asked.form("reference").orElseThrow(() -> new ConfigurationException("name a reference"));
        String step = asked.form("step").orElse("");
        ReferenceStatus status = references.get().status(List.of(name)).get(0);
        Map<String, Object> subject = Map.of("reference", name);
        if (step.equals("pause") || step.equals("resume")) {
            Map<String, Object> unused = acts.now(asked.visitor(), step + "-reference", subject, () -> {
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
        return acts.later(asked.visitor(), step + "-reference", subject, progress -> take(name, step));
    }

    private Object take(String name, String step) {
        ReferenceWork steps = work.get();
        return switch (step) {
            case "expand" -> steps.expand(name);
            case "backfill" -> steps.backfill(name, OptionalLong.empty(), OptionalInt.empty());
            case "verify" -> steps.verify(name, false);
            case "contract" -> steps.contract(name, Map.of());
            case "finish" -> steps.finish(name);
            case "restore" -> steps.restore(name);
            default -> steps.revert(name, false);
        };
    }
}
