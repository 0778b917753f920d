package dev.mediaferry.uploads;

import io.github.bucket4j.TimeMeter;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The database's time, which is one for all processes, however their own clocks go. */
final class DatabaseClock implements TimeMeter {

    private static final String NOW = "select (extract(epoch from clock_timestamp()) * 1000000)::bigint";

    /** How long the difference to this process's timer is taken for the same. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final JdbcClient database;
    private volatile Reading reading;

    /** @param offset of the database's time to the timer */
    private record Reading(long at, long offset) {}

    DatabaseClock(JdbcClient database) {
        this.database = database;
    }

    /** Asks the database, unless it was asked just now. */
    void look() {
        Reading last = reading;
        if (last == null || System.nanoTime() - last.at() > FRESH_NANOS) {
            long before = System.nanoTime();
            long time = TimeUnit.MICROSECONDS.toNanos(
                    database.sql(NOW).query(Long.class).single());
            long after = System.nanoTime();
            reading = new Reading(after, time - before - (after - before) / 2);
        }
    }

    @Override
    public long currentTimeNanos() {
        return System.nanoTime() + reading.offset();
    }

    @Override
    public boolean isWallClockBased() {
        return true;
    }
}
