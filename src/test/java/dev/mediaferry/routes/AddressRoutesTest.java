package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.engine.Engine;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where a download may go, at the first request and on every hop of a redirect. */
class AddressRoutesTest {

    private static final String REGISTRY =
            """
            hosts: ["127.0.0.1", localhost, "*.bücher.invalid"]
            fields:
              - { table: Photo, column: url, folder: photos }
            """;

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    private static Engine denying;
    private static Engine allowing;

    @Test
    void refusesADeniedHostAndAHopToOne() {
        SANDBOX.photo("first", byName(CDN.picture()));
        String target = CDN.picture();
        SANDBOX.photo("hop", CDN.answering(302, "Location", byName(target)));
        SANDBOX.photo("second hop", CDN.answering(301, "Location", CDN.answering(307, "Location", byName(target))));
        SANDBOX.photo("fine", CDN.answering(302, "Location", CDN.picture()));

        RunReport report = denying().migrate(RunOptions.ALL);

        assertThat(report.dead()).containsOnlyKeys("address-refused").containsEntry("address-refused", 3L);
        assertThat(report.migrated()).isEqualTo(1);
        assertThat(CDN.requests(target)).isZero();
        for (String id : new String[] {"first", "hop", "second hop"}) {
            assertThat(SANDBOX.outcome(id)).as(id).isEqualTo("dead address-refused");
            assertThat(SANDBOX.transfer(id))
                    .containsEntry("message", "localhost is named in mediaferry.fetch.deny-hosts");
        }
    }

    @Test
    void readsOtherLettersInLinkRegistryAndSettingAlike() {
        SANDBOX.photo("unicode", "https://bilder.BÜCHER.invalid/a.jpg");
        SANDBOX.photo("decomposed", "https://bilder.bu\u0308cher.invalid/a.jpg");
        SANDBOX.photo("encoded", "https://bilder.xn--bcher-kva.invalid/a.jpg");
        SANDBOX.photo("hop", CDN.answering(302, "Location", "https://x.xn--bcher-kva.invalid/a.jpg"));

        RunReport report = denying().migrate(RunOptions.ALL);

        assertThat(report.dead()).containsOnlyKeys("address-refused").containsEntry("address-refused", 4L);
        assertThat(SANDBOX.transfer("unicode"))
                .containsEntry("host", "bilder.xn--bcher-kva.invalid")
                .containsEntry("message", "bilder.xn--bcher-kva.invalid is named in mediaferry.fetch.deny-hosts");
    }

    @Test
    void reachesNothingBesideTheHostsThatAreAllowed() {
        String target = CDN.picture();
        SANDBOX.photo("fine", CDN.picture());
        SANDBOX.photo("other", byName(target));
        SANDBOX.photo("hop", CDN.answering(302, "Location", byName(target)));

        RunReport report = allowing().migrate(RunOptions.ALL);

        assertThat(report.migrated()).isEqualTo(1);
        assertThat(SANDBOX.outcome("other")).isEqualTo("dead address-refused");
        assertThat(SANDBOX.transfer("hop"))
                .containsEntry("failure", "address-refused")
                .containsEntry("message", "localhost is not named in mediaferry.fetch.allow-hosts");
        assertThat(CDN.requests(target)).isZero();
    }

    private static Engine denying() {
        if (denying == null) {
            denying = SANDBOX.keep(SANDBOX.engine(
                    REGISTRY,
                    "home",
                    "target/test-home/denying",
                    "fetch.allow-private",
                    CDN.authority() + "," + byName(CDN.authority()),
                    "fetch.deny-hosts",
                    "localhost, *.bücher.invalid"));
        }
        return denying;
    }

    private static Engine allowing() {
        if (allowing == null) {
            allowing = SANDBOX.keep(SANDBOX.engine(
                    REGISTRY,
                    "home",
                    "target/test-home/allowing",
                    "fetch.allow-private",
                    CDN.authority() + "," + byName(CDN.authority()),
                    "fetch.allow-hosts",
                    "127.*"));
        }
        return allowing;
    }

    private static String byName(String link) {
        return link.replace("127.0.0.1", "localhost");
    }
}
