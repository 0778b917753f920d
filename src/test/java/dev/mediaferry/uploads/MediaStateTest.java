package dev.mediaferry.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Sandbox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataIntegrityViolationException;

/** The database lets media into the states that {@link MediaState} names, in the order that it gives, and into no other. */
class MediaStateTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @RegisterExtension
    static final MediaFixture FIXTURE = new MediaFixture(SANDBOX);

    @Test
    void knowsEveryStateThatTheLedgerAllows() {
        String check = SANDBOX.sql()
                .sql(
                        """
                        select pg_get_constraintdef(oid) from pg_constraint
                        where conrelid = 'mediaferry.media'::regclass and conname = 'media_status_check'""")
                .query(String.class)
                .single();

        assertThat(Arrays.stream(check.split("'")).filter(part -> part.matches("[A-Z]{4,}")))
                .containsExactlyInAnyOrder(
                        Arrays.stream(MediaState.values()).map(MediaState::name).toArray(String[]::new));
    }

    @Test
    void refusesEveryStepThatIsNone() {
        List<String> wrong = new ArrayList<>();
        for (MediaState from : MediaState.values()) {
            for (MediaState to : MediaState.values()) {
                if (accepts(in(from), to) != from.mayBecome(to)) {
                    wrong.add(from + " to " + to);
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void beginsOnlyWhereAMediumMayBegin() {
        for (MediaState state : MediaState.values()) {
            assertThat(inserts(state)).as(state.name()).isEqualTo(state.mayBegin());
        }
    }

    @Test
    void leadsFromEveryStateToAnEnd() {
        assertThat(MediaState.values()).allSatisfy(state -> assertThat(EnumSet.of(MediaState.READY, MediaState.FAILED))
                .anyMatch(end -> state.mayBecome(end)));
    }

    private static UUID in(MediaState state) {
        UUID id = FIXTURE.pending("ann");
        switch (state) {
            case PENDING -> {}
            case FAILED -> become(id, MediaState.FAILED);
            case UPLOADED -> become(id, MediaState.UPLOADED);
            default -> {
                become(id, MediaState.UPLOADED);
                become(id, state);
            }
        }
        return id;
    }

    private static boolean accepts(UUID id, MediaState to) {
        try {
            become(id, to);
            return true;
        } catch (DataIntegrityViolationException e) {
            return false;
        }
    }

    private static void become(UUID id, MediaState state) {
        SANDBOX.sql()
                .sql("update mediaferry.media set status = ? where id = ?")
                .params(state.name(), id)
                .update();
    }

    private static boolean inserts(MediaState state) {
        try {
            SANDBOX.sql()
                    .sql("insert into mediaferry.media (id, user_id, media_type, storage_key, status)"
                            + " values (gen_random_uuid(), 'ann', 'POST_IMAGE', 'posts/x', ?)")
                    .param(state.name())
                    .update();
            return true;
        } catch (DataIntegrityViolationException e) {
            return false;
        }
    }
}
