package dev.mediaferry.uploads;

import static dev.mediaferry.uploads.MediaFixture.ANN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.uploads.AttachRefusedException.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who has which media. */
class AttachmentTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @RegisterExtension
    static final MediaFixture FIXTURE = new MediaFixture(SANDBOX);

    private static final MediaLedger MEDIA = FIXTURE.ledger();

    @Test
    void attachesInTheOrderThatIsAskedFor() {
        UUID a = FIXTURE.ready(ANN);
        UUID b = FIXTURE.ready(ANN);
        UUID c = FIXTURE.ready(ANN);

        MEDIA.attach("post", "1", ANN, List.of(c, a));
        MEDIA.attach("post", "1", ANN, List.of(a, b));

        assertThat(ids("post", "1")).containsExactly(c, a, b);
        assertThat(MEDIA.find(a).orElseThrow().phase(true)).isEqualTo(MediaPhase.ATTACHED);
        assertThat(MEDIA.find(a).orElseThrow().unattachedSince()).isNull();
    }

    @Test
    void refusesTheWholeListForOneThatCannotBeAttached() {
        UUID mine = FIXTURE.ready(ANN);
        UUID pending = FIXTURE.pending(ANN);
        UUID theirs = FIXTURE.ready("bob");
        UUID elsewhere = FIXTURE.ready(ANN);
        MEDIA.attach("post", "2", ANN, List.of(elsewhere));

        assertThat(refusal(List.of(mine, pending))).isEqualTo(Reason.NOT_UPLOADED);
        assertThat(refusal(List.of(mine, theirs))).isEqualTo(Reason.UNKNOWN);
        assertThat(refusal(List.of(mine, UUID.randomUUID()))).isEqualTo(Reason.UNKNOWN);
        assertThat(refusal(List.of(mine, elsewhere))).isEqualTo(Reason.ELSEWHERE);
        assertThat(refusal(List.of(mine, mine))).isEqualTo(Reason.INVALID);
        assertThat(ids("post", "1")).isEmpty();
    }

    @Test
    void givesAMediumThatTwoWantToOneOfThem() {
        UUID wanted = FIXTURE.ready(ANN);

        List<Integer> got = IntStream.range(0, 16)
                .parallel()
                .boxed()
                .filter(i -> {
                    try {
                        MEDIA.attach("post", "p" + i, ANN, List.of(wanted));
                        return true;
                    } catch (AttachRefusedException e) {
                        return false;
                    }
                })
                .toList();

        assertThat(got).hasSize(1);
        assertThat(ids("post", "p" + got.get(0))).containsExactly(wanted);
    }

    @Test
    void rearrangesWhatAnOwnerHas() {
        UUID a = FIXTURE.ready(ANN);
        UUID b = FIXTURE.ready(ANN);
        UUID c = FIXTURE.ready(ANN);
        MEDIA.attach("post", "1", ANN, List.of(a, b));

        MEDIA.rearrange("post", "1", ANN, List.of(c, b));

        assertThat(ids("post", "1")).containsExactly(c, b);
        assertThat(MEDIA.find(a).orElseThrow().unattachedSince()).isNotNull();
        assertThatExceptionOfType(AttachRefusedException.class)
                .isThrownBy(() -> MEDIA.rearrange("post", "1", ANN, List.of(UUID.randomUUID())));
        assertThat(ids("post", "1")).containsExactly(c, b);
    }

    @Test
    void detachesAllThatAnOwnerHas() {
        UUID a = FIXTURE.ready(ANN);
        UUID b = FIXTURE.ready(ANN);
        MEDIA.attach("post", "1", ANN, List.of(a, b));

        assertThat(MEDIA.detach("post", "1", "bob")).isZero();
        assertThat(MEDIA.detach("post", "1", ANN)).isEqualTo(2);

        assertThat(FIXTURE.kinds(a)).endsWith("media.ready", "media.attached", "media.detached");
        MEDIA.attach("post", "2", ANN, List.of(b, a));
        assertThat(ids("post", "2")).containsExactly(b, a);
    }

    @Test
    void isPartOfTheApplicationsTransaction() throws Exception {
        UUID a = FIXTURE.ready(ANN);
        String role = SANDBOX.bucketName() + "_app";
        SANDBOX.execute(
                "create role " + role,
                "grant usage on schema mediaferry to " + role,
                "grant select, references on mediaferry.media to " + role,
                "grant execute on function mediaferry.attach(text, text, text, uuid[]), mediaferry.detach(text, text) to "
                        + role);
        try (Connection connection = SANDBOX.connect();
                Statement application = connection.createStatement()) {
            connection.setAutoCommit(false);
            application.execute("set role " + role);
            application.execute("select mediaferry.attach('post', '1', 'ann', array['" + a + "']::uuid[])");
            connection.rollback();
            assertThat(ids("post", "1")).isEmpty();

            application.execute("set role " + role);
            application.execute("select mediaferry.attach('post', '1', 'ann', array['" + a + "']::uuid[])");
            connection.commit();
            assertThat(ids("post", "1")).containsExactly(a);

            application.execute("select mediaferry.detach('post', '1')");
            connection.commit();
            assertThat(ids("post", "1")).isEmpty();
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> application.execute("delete from mediaferry.media"))
                    .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("42501"));
            connection.rollback();
        } finally {
            SANDBOX.execute("drop owned by " + role, "drop role " + role);
        }
    }

    @Test
    void isForNobodyWhoWasNotGrantedIt() {
        assertThat(SANDBOX.sql()
                        .sql(
                                "select has_function_privilege('pg_monitor', 'mediaferry.attach(text,text,text,uuid[])', 'execute')")
                        .query(Boolean.class)
                        .single())
                .isFalse();
    }

    private static Reason refusal(List<UUID> ids) {
        List<Reason> reasons = new ArrayList<>();
        assertThatExceptionOfType(AttachRefusedException.class)
                .isThrownBy(() -> MEDIA.attach("post", "1", ANN, ids))
                .satisfies(e -> reasons.add(e.reason()));
        return reasons.get(0);
    }

    private static List<UUID> ids(String type, String id) {
        return MEDIA.attached(type, id).stream().map(Medium::id).toList();
    }
}
