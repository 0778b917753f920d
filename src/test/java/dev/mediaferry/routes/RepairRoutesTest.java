package dev.mediaferry.routes;

import static dev.mediaferry.fixture.UnrulyCdn.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.fixture.Pictures;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.UnrulyCdn;
import dev.mediaferry.run.RunReport;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Links that were stored broken are asked for mended; the column's text is compared as it is. */
@Tag("slow")
class RepairRoutesTest {

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("fetch.timeout", "700ms");

    private static final UnrulyCdn CDN = SANDBOX.cdn();

    @Test
    void asksForAGoodLinkAsItIsAndOnce() {
        String link = guarded("a=1%2F2&b=3");
        SANDBOX.photo("1", link + "?a=1%2F2&b=3");
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
        assertThat(CDN.requests(link)).isEqualTo(1);
        assertThat(SANDBOX.transfer("1")).containsEntry("link", null).containsEntry("repairs", null);
    }

    @Test
    void mendsBlanksAndHtmlAndReadsTheDeadlineOfTheMendedLink() {
        Instant deadline = Instant.now().plusSeconds(3600);
        String query = "e=" + deadline.getEpochSecond() + "&v=beta&t=c2ln";
        String link = guarded(query);
        String stored = "  " + link + "?" + query.replace("&", "&amp;") + "\n";
        SANDBOX.photo("1", stored);

        RunReport report = SANDBOX.migrate();

        assertThat(report.migrated()).isEqualTo(1);
        assertThat(CDN.requests(link)).isEqualTo(1);
        assertThat(SANDBOX.url("1")).contains("/photos/");
        assertThat(SANDBOX.transfer("1"))
                .containsEntry("source", stored)
                .containsEntry("link", link + "?" + query)
                .containsEntry("repairs", "blanks,html-escape");
        assertThat(SANDBOX.transfer("1").get("deadline")).isNotNull();
    }

    @Test
    void findsLinksWithoutAScheme() {
        SANDBOX.photo("ours", "//" + CDN.authority() + "/x.jpg");
        SANDBOX.photo("foreign", "//example.com/x.jpg");
        RunReport report = SANDBOX.migrate();
        assertThat(report.found()).isEqualTo(1);
        assertThat(report.skipped()).containsEntry("foreign", 1L).containsEntry("invalid", 0L);
        assertThat(SANDBOX.transfer("ours"))
                .containsEntry("source", "//" + CDN.authority() + "/x.jpg")
                .containsEntry("link", "https://" + CDN.authority() + "/x.jpg")
                .containsEntry("repairs", "no-scheme");
    }

    @Test
    void decodesOnceWhatIsRefusedAndWritesDownThatItHelped() {
        String link = guarded("k=a%2Fb&s=%3D");
        String stored = link + "?k=a%252Fb&s=%253D";
        SANDBOX.photo("1", stored);
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
        assertThat(CDN.requests(link)).isEqualTo(2);
        assertThat(SANDBOX.transfer("1"))
                .containsEntry("source", stored)
                .containsEntry("link", link + "?k=a%2Fb&s=%3D")
                .containsEntry("repairs", "double-encoding");
    }

    @Test
    void asksForALinkThatIsMeantToBeEncodedTwiceOnce() {
        String link = guarded("k=a%252Fb");
        SANDBOX.photo("1", link + "?k=a%252Fb");
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
        assertThat(CDN.requests(link)).isEqualTo(1);
        assertThat(SANDBOX.transfer("1")).containsEntry("repairs", null);
    }

    @Test
    void asksOnceForALinkThatIsRefusedAndHasNothingToMend() {
        String gone = CDN.answering(404);
        SANDBOX.photo("1", gone + "?a=%2F");
        SANDBOX.migrate();
        assertThat(CDN.requests(gone)).isEqualTo(1);
        assertThat(SANDBOX.outcome("1")).isEqualTo("dead gone");
    }

    @Test
    void asksABusyHostForNothingElse() {
        String busy = CDN.answering(429);
        SANDBOX.photo("1", busy + "?a=%252F");
        SANDBOX.migrate();
        assertThat(CDN.requests(busy)).isEqualTo(3);
        assertThat(SANDBOX.transfer("1")).containsEntry("attempts", 3);
    }

    @Test
    void endsAsTheMendedLinkDoesWhenItHelpsNothing() {
        String gone = CDN.answering(404);
        SANDBOX.photo("1", gone + "?a=%252F");
        SANDBOX.migrate();
        assertThat(CDN.requests(gone)).isEqualTo(2);
        assertThat(SANDBOX.outcome("1")).isEqualTo("dead gone");
        assertThat(SANDBOX.transfer("1")).containsEntry("link", null).containsEntry("repairs", null);
    }

    @Test
    void believesNoServerThatSpeaksOfRepairs() {
        String link = CDN.link((exchange, request) -> {
            exchange.getResponseHeaders().set("Mediaferry-Repair", "https http://evil.example/");
            send(exchange, 200, Pictures.jpeg(1));
        });
        SANDBOX.photo("1", link);
        assertThat(SANDBOX.migrate().migrated()).isEqualTo(1);
        assertThat(SANDBOX.transfer("1")).containsEntry("link", null).containsEntry("repairs", null);
    }

    /** @return a link that answers with this query only */
    private static String guarded(String query) {
        return CDN.link((exchange, request) -> {
            boolean right = query.equals(exchange.getRequestURI().getRawQuery());
            send(exchange, right ? 200 : 403, right ? Pictures.jpeg(query.length()) : new byte[0]);
        });
    }
}
