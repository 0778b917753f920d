package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.deadletter.DeadLetterFilter;
import dev.mediaferry.deadletter.DeadLetters;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.ledger.TransferState;
import dev.mediaferry.rollback.RollbackOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The states that a transfer gets into are those of {@link TransferState}, one after the other as it says. */
class TransferStatesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @AfterEach
    void stopWatching() {
        SANDBOX.execute("drop trigger if exists watched on mediaferry.transfer");
    }

    @Test
    void knowsEveryStateThatTheLedgerAllows() {
        SANDBOX.migrate();
        String check = SANDBOX.sql()
                .sql(
                        """
                        select pg_get_constraintdef(oid) from pg_constraint
                        where conrelid = 'mediaferry.transfer'::regclass and conname = 'transfer_state_check'""")
                .query(String.class)
                .single();

        assertThat(Arrays.stream(check.split("'")).filter(part -> part.matches("[a-z_]+")))
                .containsExactlyInAnyOrder(Arrays.stream(TransferState.values())
                        .map(TransferState::label)
                        .toArray(String[]::new));
    }

    @Test
    void makesNoTransitionThatIsNone() {
        SANDBOX.migrate();
        watch();
        SANDBOX.photo("moved", CDN.picture());
        SANDBOX.photo("gone", CDN.answering(410));
        SANDBOX.photo("given up", CDN.answering(410));
        SANDBOX.photo("retried", CDN.answering(410));

        SANDBOX.migrate();
        SANDBOX.execute("update \"Photo\" set url = 'mine' where id = 'retried'");
        letters().retry(only("retried"));
        letters().discard(only("given up"), "nobody wants it");
        letters().retry(only("gone"));
        SANDBOX.migrate();
        SANDBOX.engine().rollback(everything());
        SANDBOX.engine().release(everything());
        SANDBOX.migrate();

        assertThat(Stream.of("moved", "gone", "given up", "retried").map(SANDBOX::outcome))
                .containsExactly("linked", "dead gone", "discarded gone", "superseded gone");
    }

    /** From now on the database refuses what {@link TransferState#mayBecome} does. */
    private static void watch() {
        String allowed = Arrays.stream(TransferState.values())
                .flatMap(from -> Arrays.stream(TransferState.values())
                        .filter(from::mayBecome)
                        .map(to -> "'" + from.label() + " " + to.label() + "'"))
                .collect(Collectors.joining(", "));
        SANDBOX.execute(
                """
                create or replace function watch() returns trigger language plpgsql as $$
                begin
                  if old.state || ' ' || new.state not in (%s) then
                    raise exception 'a transfer that was % became %', old.state, new.state;
                  end if;
                  return new;
                end $$"""
                        .replace("%s", allowed),
                "create trigger watched before update on mediaferry.transfer for each row execute function watch()");
    }

    private static DeadLetters letters() {
        return SANDBOX.engine().deadLetters();
    }

    private static DeadLetterFilter only(String row) {
        long id = ((Number) SANDBOX.transfer(row).get("id")).longValue();
        return new DeadLetterFilter(List.of(id), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static RollbackOptions everything() {
        return new RollbackOptions(
                OptionalLong.empty(), Optional.of("Photo.url"), Optional.empty(), Optional.empty(), false, false);
    }
}
