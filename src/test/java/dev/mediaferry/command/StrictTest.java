package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The gate that is passed only when no link is left. */
@Tag("slow")
class StrictTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @RegisterExtension
    final Commands commands = new Commands(SANDBOX);

    @Test
    void passesWhenEveryLinkIsMoved() throws Exception {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.photo("2", null);
        SANDBOX.photo("3", "https://elsewhere.example/a.jpg");
        assertThat(commands.run("migrate", "--strict")).as(commands.err()).isZero();
        assertThat(commands.run("migrate", "--strict")).isZero();
    }

    @Test
    void doesNotPassWhileLinksWaitOrAreDead() throws Exception {
        SANDBOX.photo("gone", CDN.answering(404));
        SANDBOX.photo("busy", CDN.answering(500));
        SANDBOX.photo("good", CDN.picture());
        assertThat(commands.run("migrate")).isEqualTo(1);
        // Both are left alone by the next run, which has nothing to do.
        assertThat(commands.run("migrate")).isZero();

        assertThat(commands.run("migrate", "--strict")).isEqualTo(1);

        assertThat(commands.err()).contains("not done: Photo.url: dead 1, waiting 1");
        SANDBOX.execute("update \"Photo\" set url = null where id = 'busy'");
        assertThat(commands.run("dead-letters", "discard", "--all", "--reason", "lost"))
                .isZero();
        assertThat(commands.run("migrate", "--strict")).as(commands.err()).isZero();
    }

    @Test
    void doesNotPassWhenALimitOrAnUndoHasLeftRows() throws Exception {
        SANDBOX.photo("1", CDN.picture());
        SANDBOX.photo("2", CDN.picture());
        assertThat(commands.run("migrate", "--limit", "1", "--strict")).isEqualTo(1);
        assertThat(commands.err()).contains("not done: Photo.url: pending 1");
        assertThat(commands.run("migrate", "--strict")).isZero();
        assertThat(commands.run("rollback", "--row", "Photo.url:1")).isZero();
        assertThat(commands.run("migrate", "--strict")).isEqualTo(1);
        assertThat(commands.err()).contains("not done: Photo.url: rolledBack 1");
    }

    @Test
    void doesNotPassWhenARowGotALinkMeanwhile() throws Exception {
        String late = CDN.picture();
        SANDBOX.photo("1", CDN.link((exchange, request) -> {
            SANDBOX.photo("late", late);
            UnrulyCdn.send(exchange, 200, Pictures.jpeg(1));
        }));
        assertThat(commands.run("migrate", "--strict")).isEqualTo(1);
        assertThat(commands.err()).contains("not done: Photo.url: pending 1");
        assertThat(commands.run("migrate", "--strict", "--dry-run")).isEqualTo(2);
    }
}
