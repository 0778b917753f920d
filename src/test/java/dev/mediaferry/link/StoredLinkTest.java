package dev.mediaferry.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredLinkTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://a.example/a.jpg?e=1&v=beta&t=a%2Fb",
                "http://a.example/a.jpg",
                "https://a.example/a%253Ab",
                "https://a.example/a&amp",
                "https://a.example/?a=1&lt;=2&quot;=3",
                "https://a.example//b"
            })
    void leavesAGoodLinkAlone(String text) throws Exception {
        StoredLink stored = StoredLink.parse(text);
        assertThat(stored.repairs()).isEmpty();
        assertThat(stored.link().uri()).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`  https://a.example/x\n`, https://a.example/x, blanks",
                "`\u00a0https://a.example/x\ufeff\u200b`, https://a.example/x, blanks",
                "//a.example/x, https://a.example/x, no-scheme",
                "https://a.example/?a=1&amp;b=2&amp;amp;c=3, https://a.example/?a=1&b=2&c=3, html-escape",
                "https://a.example/?w=400&#038;h=400, https://a.example/?w=400&h=400, html-escape",
                "https://a.example/?w=400&#38;h=400#top, https://a.example/?w=400&h=400, html-escape",
                "https://a.example/?w=400&#x26;h=400&#X0026;q=1, https://a.example/?w=400&h=400&q=1, html-escape",
                "https://a.example/?w=1&amp;#038;h=2&#38;amp;q=3, https://a.example/?w=1&h=2&q=3, html-escape",
                "https:&#x2F;&#x2F;a.example&#47;x?w&#x3D;1, https://a.example/x?w=1, html-escape",
                "https://a.example/caf&#233;&#xE9;&#x1F600;&#146;, https://a.example/caf%C3%A9%C3%A9%F0%9F%98%80%E2%80%99, html-escape",
                "https://a.example/x&#10;&#160;, https://a.example/x, `blanks,html-escape`",
                "https://a.example/?a&#0;b, https://a.example/?a&, ``",
                "https://a.example/?a&#xD800;b, https://a.example/?a&, ``",
                "https://a.example/?a&#top, https://a.example/?a&, ``",
                "` //a.example/?a=1&amp;b=2 `, https://a.example/?a=1&b=2, `blanks,no-scheme,html-escape`",
            })
    void mendsWhatIsBroken(String text, String link, String repairs) throws Exception {
        StoredLink stored = StoredLink.parse(text);
        assertThat(stored.link().uri()).hasToString(link);
        assertThat(String.join(",", stored.repairs())).isEqualTo(repairs);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "   ", "/", "//", "///a", "/a/b", "a.example/x", "//user@a.example/", "&amp;", "ftp://a"})
    void makesNoLinkOfWhatIsNone(String text) {
        assertThatExceptionOfType(InvalidLinkException.class).isThrownBy(() -> StoredLink.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/a?X-Amz-Credential=k%252F2026&b=%253d, https://a.example/a?X-Amz-Credential=k%2F2026&b=%3d",
        "https://a.example/%2525, https://a.example/%25",
    })
    void decodesOnceWhatIsEncodedTwice(String link, String decoded) {
        assertThat(StoredLink.decodedOnce(URI.create(link))).contains(URI.create(decoded));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://a.example/a%20b", "https://a.example/100%25", "https://a.example/%25zz"})
    void decodesNothingThatIsEncodedOnce(String link) {
        assertThat(StoredLink.decodedOnce(URI.create(link))).isEmpty();
    }

    @Test
    void asksOverTlsOnlyWhereThePortIsTheUsualOne() {
        assertThat(StoredLink.overTls(URI.create("http://a.example/x?y=http:")))
                .hasValue(URI.create("https://a.example/x?y=http:"));
        assertThat(StoredLink.overTls(URI.create("http://a.example:8080/x"))).isEmpty();
        assertThat(StoredLink.overTls(URI.create("https://a.example/x"))).isEmpty();
    }
}
