package dev.mediaferry.run;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Settings;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.Optional;
import java.util.TimeZone;
import org.quartz.CronExpression;

/**
 * When runs start by themselves.
 *
 * @param cron in Quartz's form; empty when runs are only started by hand
 */
public record ScheduleSettings(Optional<String> cron, ZoneId zone) {

    public static ScheduleSettings of(Settings settings) {
        String cron = settings.text("schedule");
        ZoneId zone;
        try {
            zone = settings.optional("schedule.time-zone").map(ZoneId::of).orElse(ZoneId.systemDefault());
        } catch (DateTimeException e) {
            throw new ConfigurationException("mediaferry.schedule.time-zone is '" + settings.text("schedule.time-zone")
                    + "', but must be a zone like Europe/Berlin or UTC");
        }
        if (cron.equals("off")) {
            return new ScheduleSettings(Optional.empty(), zone);
        }
        try {
            CronExpression.validateExpression(cron);
        } catch (ParseException e) {
            throw new ConfigurationException("mediaferry.schedule is '" + cron
                    + "', but must be off or a Quartz cron expression like 0 0 3 * * ?: " + e.getMessage());
        }
        return new ScheduleSettings(Optional.of(cron), zone);
    }

    /** @return the far future when nothing is scheduled */
    public Instant nextAfter(Instant time) {
        return next(time).orElse(Instant.MAX);
    }

    public Optional<Instant> next(Instant time) {
        if (cron.isEmpty()) {
            return Optional.empty();
        }
        try {
            CronExpression expression = new CronExpression(cron.get());
            expression.setTimeZone(TimeZone.getTimeZone(zone));
            return Optional.ofNullable(expression.getNextValidTimeAfter(Date.from(time)))
                    .map(Date::toInstant);
        } catch (ParseException e) {
            throw new IllegalStateException("checked when it was read", e);
        }
    }
}
