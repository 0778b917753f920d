package dev.mediaferry.video;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/** Reads what ffmpeg's {@code -progress} says: lines {@code name=value}, a block of them each second. */
final class Progress {

    private static final String TIME = "out_time_us=";

    private final Consumer<Duration> time;
    private boolean ended;

    Progress(Consumer<Duration> time) {
        this.time = time;
    }

    void line(String line) {
        if (line.startsWith(TIME)) {
            String micros = line.substring(TIME.length());
            // Before the first frame it says N/A, or less than nothing.
            if (micros.matches("\\d{1,15}")) {
                time.accept(Duration.of(Long.parseLong(micros), ChronoUnit.MICROS));
            }
        }
        ended |= line.equals("progress=end");
    }

    boolean hasEnded() {
        return ended;
    }
}
