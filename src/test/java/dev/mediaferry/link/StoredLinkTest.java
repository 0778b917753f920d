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
