package dev.mediaferry.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Services;
import dev.mediaferry.entry.Entries;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.registry.RegistryFile;
import dev.mediaferry.run.ScheduleSettings;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gauges know without searching the columns again and again. */
@Tag("slow")
class GaugesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("schedule", "0 0 3 1 1 ?");

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @Test
    void searchAColumnOnceUntilARunHasDoneSo() {
        SANDBOX.photo("1", UnrulyCdn.until(CDN.picture(), Instant.now().plusSeconds(60)));
        Gauges gauges = gauges();
        assertThat(gauges.all()).containsExactly(new FieldGauge("Photo.url", 1, 0, 0, 1, Promise.NOTHING));
        // From here on the column is gone, as far as gauges are concerned.
        SANDBOX.execute("alter table \"Photo\" rename to \"Elsewhere\"");
        try {
            assertThat(gauges.all()).containsExactly(new FieldGauge("Photo.url", 1, 0, 0, 1, Promise.NOTHING));
        } finally {
            SANDBOX.execute("alter table \"Elsewhere\" rename to \"Photo\"");
        }
    }

    @Test
    void askTheLedgerAloneAfterARun() {
        for (String id : new String[] {"1", "2", "3"}) {
            SANDBOX.photo(id, UnrulyCdn.until(CDN.picture(), Instant.now().plusSeconds(60)));
        }
        SANDBOX.photo("gone", CDN.answering(404));
        SANDBOX.photo("busy", CDN.answering(500));
        SANDBOX.migrate(4);
        Gauges gauges = gauges();
        SANDBOX.execute("alter table \"Photo\" rename to \"Elsewhere\"");
        try {
            long left = SANDBOX.sql()
                    .sql("select count(*) from mediaferry.transfer where state = 'waiting' and attempts = 0")
                    .query(Long.class)
                    .single();
            FieldGauge gauge = gauges.all().get(0);
            assertThat(gauge.pending()).isEqualTo(left).isEqualTo(1);
            assertThat(gauge.waiting() + gauge.dead())
                    .isEqualTo(SANDBOX.sql()
                            .sql("select count(*) from mediaferry.transfer where state = 'dead'"
                                    + " or state = 'waiting' and attempts > 0")
                            .query(Long.class)
                            .single());
        } finally {
            SANDBOX.execute("alter table \"Elsewhere\" rename to \"Photo\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{refusal}", "{fields,0,failure}"})
    void searchAColumnThatARunHasNotReadToItsEnd(String why) {
        SANDBOX.migrate();
        SANDBOX.photo("1", CDN.picture());
        assertThat(gauges().all().get(0).pending()).isZero();
        SANDBOX.execute("update mediaferry.run set report = jsonb_set(report, '" + why + "', '\"the store says no\"')");
        assertThat(gauges().all().get(0).pending()).isEqualTo(1);
    }

    private static Gauges gauges() {
        Services services = SANDBOX.engine().services();
        Registry registry = RegistryFile.parse("registry.yaml", Sandbox.REGISTRY);
        Entries entries = services.entries(registry);
        ScheduleSettings schedule = ScheduleSettings.of(services.settings());
        return new Gauges(
                services.database(),
                entries,
                new Statuses(
                        services.database(),
                        entries,
                        services.buckets(registry),
                        schedule,
                        Optional.empty(),
                        Optional.empty()),
                schedule);
    }
}
