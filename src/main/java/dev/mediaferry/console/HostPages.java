package dev.mediaferry.console;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.steer.Hosts;
import java.util.HashMap;
import java.util.Map;

/** How fast hosts are asked, and what an operator wants of them. */
final class HostPages {

    private final Hosts hosts;
    private final Acts acts;
    private final long general;

    HostPages(Operations operations, Acts acts) {
        this.hosts = operations.hosts();
        this.general = operations.fetch().pace().general().toMillis();
        this.acts = acts;
    }

    Answer show() {
        return new Answer.Page("hosts", Map.of("hosts", hosts.all(), "general", general));
    }

    /** Pauses a host, sets its rate, or takes an order back. */
    Answer order(Asked asked) {
        String host = asked.form("host").orElseThrow(() -> new ConfigurationException("name a host"));
        String who = asked.visitor().name();
        Map<String, Object> subject = new HashMap<>(Map.of("host", host));
        switch (asked.form("wish").orElse("")) {
            case "pause" -> act(asked, "pause-host", subject, () -> hosts.pause(host, true, who));
            case "resume" -> act(asked, "resume-host", subject, () -> hosts.pause(host, false, who));
            case "rate" -> {
                Double rate = rate(asked);
                subject.put("rate", rate == null ? "as configured" : rate);
                act(asked, "set-host-rate", subject, () -> hosts.setRate(host, rate, who));
            }
            default -> throw new ConfigurationException("say pause, resume or rate");
        }
        return new Answer.Redirect(Console.ROOT + "/hosts");
    }

    private void act(Asked asked, String name, Map<String, Object> subject, Runnable what) {
        Map<String, Object> unused = acts.now(asked.visitor(), name, subject, () -> {
            what.run();
            return Map.of();
        });
    }

    private static Double rate(Asked asked) {
        try {
            return asked.form("rate").map(Double::valueOf).orElse(null);
        } catch (NumberFormatException e) {
            throw new ConfigurationException("a rate is a number of requests per second, like 0.5 or 20");
        }
    }
}
