package dev.mediaferry.console;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The runs, and the report of one. */
final class RunPages {

    private static final int PAGE = 50;

    private final RunList runs;

    RunPages(RunList runs) {
        this.runs = runs;
    }

    Answer list(Asked asked) {
        long before = asked.query("before").flatMap(Asked::number).orElse(Long.MAX_VALUE);
        List<RunList.Line> found = runs.newest(before, PAGE + 1);
        Map<String, Object> model = new HashMap<>();
        model.put("runs", found.subList(0, Math.min(PAGE, found.size())));
        if (found.size() > PAGE) {
            model.put("older", found.get(PAGE - 1).id());
        }
        model.put("first", before == Long.MAX_VALUE);
        return new Answer.Page("runs", model);
    }

    Answer show(Asked asked) {
        return asked.id()
                .flatMap(runs::find)
                .<Answer>map(run -> new Answer.Page("run", Map.of("run", new RunView(run))))
                .orElse(new Answer.Missing("run"));
    }
}
