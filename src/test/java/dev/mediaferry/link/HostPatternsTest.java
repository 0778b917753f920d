package dev.mediaferry.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternsTest {

    @ParameterizedTest
    @CsvSource({
        "media.licdn.com, media.licdn.com",
        "MEDIA.LicDN.com, media.licdn.com",
        "media-exp*.licdn.com, media-exp1.licdn.com",
        "media-exp*.licdn.com, media-exp.licdn.com",
        "media-exp*.licdn.com, media-exp1.eu.licdn.com",
        "*.licdn.com, a.b.licdn.com",
        "a*b*c.example, axxbxxc.example",
        "*licdn.com, licdn.com",
        "*, anything.example",
        "*, [::1]",
        "[2001:db8::1], [2001:db8::1]",
        "127.0.0.1, 127.0.0.1",
        "[2001:db8::1], [2001:db8:0:0:0:0:0:1]",
        "[2001:0DB8::0001], [2001:db8::1]",
    })
    void matchesTheWholeHost(String pattern, String host) {
        assertThat(new HostPatterns(List.of(pattern)).matches(host)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "media.licdn.com, media.licdn.com.evil.example",
        "media.licdn.com, evil-media.licdn.com",
        "media.licdn.com, mediaxlicdn.com",
        "media-exp*.licdn.com, media-exp1.licdn.com.evil.example",
        "media-exp*.licdn.com, media-expxlicdn.com",
        "*.licdn.com, licdn.com",
        "*.licdn.com, evillicdn.com",
        "127.0.0.1, 127.0.0.10",
    })
    void neverMatchesPartOfIt(String pattern, String host) {
        assertThat(new HostPatterns(List.of(pattern)).matches(host)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/?media.licdn.com",
                "https://evil.example/media.licdn.com",
                "https://evil.example#media.licdn.com",
                "https://evil.example/https://media.licdn.com/a",
                "https://media.licdn.com.evil.example/",
            })
    void looksAtTheHostAndNothingElse(String link) throws Exception {
        HostPatterns patterns = new HostPatterns(List.of("media.licdn.com", "*.licdn.com"));
        assertThat(patterns.matches(Link.parse(link).host())).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "*.bücher.example, https://bilder.bücher.example/x",
        "*.bücher.example, https://bilder.xn--bcher-kva.example/x",
        "*.BÜCHER.example, https://bilder.BÜCHER.example/x",
        "*.xn--bcher-kva.example, https://bilder.bücher.example/x",
        "*.bücher.example, https://bilder.bu\u0308cher.example/x",
        "*.bu\u0308cher.example, https://bilder.bücher.example/x",
        "straße.example, https://STRAßE.example/x",
        "例え.テスト, https://例え。テスト/x",
        "*.テスト, https://例え.xn--zckzah/x",
    })
    void matchesANameInWhateverLettersItIsWritten(String pattern, String text) throws Exception {
        HostPatterns patterns = new HostPatterns(List.of(pattern));
        assertThat(patterns.matches(Link.parse(text).host())).isTrue();
        assertThat(patterns.likePatterns()).anyMatch(like -> ilike(text, like));
    }

    @ParameterizedTest
    @CsvSource({"strasse.example, straße.example", "bucher.example, bücher.example", "bücher.example, bucher.example"})
    void tellsNamesApartThatLookAlike(String pattern, String host) throws Exception {
        String ascii = Link.parse("https://" + host + "/").host();
        assertThat(new HostPatterns(List.of(pattern)).matches(ascii)).isFalse();
    }

    @Test
    void saysWhyOtherLettersTakeNoAsterisk() {
        assertThatThrownBy(() -> new HostPatterns(List.of("bü*.example")))
                .hasMessageStartingWith("'bü*.example' is no host name")
                .hasMessageEndingWith("and * not within a label that has other letters");
    }

    @Test
    void matchesWhenOnePatternDoes() {
        HostPatterns patterns = new HostPatterns(List.of("a.example", "b.example"));
        assertThat(patterns.matches("a.example")).isTrue();
        assertThat(patterns.matches("b.example")).isTrue();
        assertThat(patterns.matches("a.exampleb.example")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://media.licdn.com",
                "media.licdn.com/dms",
                "media.licdn.com:443",
                "media licdn.com",
                "bü cher.example",
                ".licdn.com",
                "licdn..com",
                "media.licdn.com.",
                "a|b",
                "a%b",
                "[::1]x",
            })
    void refusesWhatIsNoHostName(String pattern) {
        assertThatThrownBy(() -> new HostPatterns(List.of("a.example", pattern)))
                .hasMessage(
                        "'" + pattern
                                + "' is no host name: write it without scheme, port and path, like media.example.com or *.example.com");
    }

    @Test
    void asksTheDatabaseForTheHostAnywhereInTheText() {
        assertThat(new HostPatterns(List.of("Media.licdn.com", "media-exp*.licdn.com", "a_b.example", "*"))
                        .likePatterns())
                .containsExactly("%media.licdn.com%", "%media-exp%.licdn.com%", "%a\\_b.example%", "%%%");
    }

    @ParameterizedTest
    @CsvSource({
        "media.licdn.com, https://media.licdn.com/a",
        "media.licdn.com, HTTPS://MEDIA.LICDN.COM:8443/a?b",
        "media-exp*.licdn.com, ' https://media-exp1.licdn.com/a'",
        "*.licdn.com, http://a.b.licdn.com",
        "*, https://anything.example/",
        "[2001:db8::1], 'https://[2001:DB8::1]/a'",
        "127.0.0.1, http://127.0.0.1:8080/a",
    })
    void asksTheDatabaseForEveryTextWhoseHostMatches(String pattern, String text) throws Exception {
        HostPatterns patterns = new HostPatterns(List.of(pattern));
        assertThat(patterns.matches(Link.parse(text).host())).isTrue();
        assertThat(patterns.likePatterns()).allMatch(like -> ilike(text, like));
    }

    @Test
    void showsWhatWasWritten() {
        assertThat(new HostPatterns(List.of("Media.licdn.com", "*"))).hasToString("media.licdn.com, *");
    }

    private static boolean ilike(String text, String like) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < like.length(); i++) {
            char c = like.charAt(i);
            switch (c) {
                case '%' -> regex.append(".*");
                case '_' -> regex.append('.');
                case '\\' -> regex.append(Pattern.quote(like.substring(++i, i + 1)));
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.DOTALL)
                .matcher(text)
                .matches();
    }
}
