package dev.mediaferry.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "https://media.licdn.com/dms/a.jpg, https://media.licdn.com/dms/a.jpg",
                "HTTPS://Media.LicDN.com/A.jpg, https://media.licdn.com/A.jpg",
                "` https://a.example/x\n`, https://a.example/x",
                "https://a.example, https://a.example/",
                "https://a.example?x=1, https://a.example/?x=1",
                "https://a.example#top, https://a.example/",
                "https://a.example/x#top?y=1, https://a.example/x",
                "https://a.example:443/x, https://a.example/x",
                "http://a.example:80/x, http://a.example/x",
                "https://a.example:/x, https://a.example/x",
                "https://a.example:80/x, https://a.example:80/x",
                "http://a.example:443/x, http://a.example:443/x",
            })
    void hasOneForm(String text, String form) throws Exception {
        assertThat(Link.parse(text).uri()).hasToString(form);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://a.example/v2/C4E03AQ/profile-displayphoto-shrink_200_200/0/1?e=1735776000&v=beta&t=a-B_c%2Fd",
                "https://a.example/a%2fb%2Fc",
                "https://a.example//a/./b/../c",
                "https://a.example/?",
                "https://a.example/?a=1&a=2&&b&=c",
                "https://a.example/~a!$&'()*+,;=:@b/?/?:@!$'()*,;",
            })
    void keepsPathAndQueryToTheByte(String text) throws Exception {
        assertThat(Link.parse(text).uri()).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({
        "/{a}, /%7Ba%7D",
        "/a b, /a%20b",
        "/?q=a|b^c`d, /?q=a%7Cb%5Ec%60d",
        "/a\\b, /a%5Cb",
        "/\"<>, /%22%3C%3E",
        "/?a[0]=1, /?a%5B0%5D=1",
        "/größe, /gr%C3%B6%C3%9Fe",
        "/😀, /%F0%9F%98%80",
        "/100%, /100%25",
        "/%zz%4, /%25zz%254",
        "/%41%２５, /%41%25%EF%BC%92%EF%BC%95",
    })
    void encodesWhatNoRequestLineMayCarry(String path, String encoded) throws Exception {
        assertThat(Link.parse("https://a.example" + path).uri()).hasToString("https://a.example" + encoded);
    }

    @Test
    void readsBackWhatItWrote() throws Exception {
        Link once = Link.parse("HTTP://BÜCHER.example:8080/{a} b%2f?q=ä#f");
        assertThat(Link.parse(once.uri().toString())).isEqualTo(once);
        assertThat(once.uri()).hasToString("http://xn--bcher-kva.example:8080/%7Ba%7D%20b%2f?q=%C3%A4");
    }

    @ParameterizedTest
    @CsvSource({
        "http://a.example/x, 80",
        "https://a.example/x, 443",
        "https://a.example:1/x, 1",
        "https://a.example:65535/x, 65535",
        "https://a.example:00443/x, 443",
    })
    void knowsItsPort(String text, int port) throws Exception {
        assertThat(Link.parse(text).port()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "123456", "-1", "+80", "8o", "８０", "80 "})
    void refusesAPortThatIsNone(String port) {
        assertThatThrownBy(() -> Link.parse("https://a.example:" + port + "/x"))
                .isInstanceOf(InvalidLinkException.class)
                .hasMessage("no port: " + port);
    }

    @ParameterizedTest
    @CsvSource({
        "BÜCHER.example, xn--bcher-kva.example",
        "ｍｅｄｉａ.licdn.com, media.licdn.com",
        "media。licdn．com, media.licdn.com",
        "a-b.bücher.media.example, a-b.xn--bcher-kva.media.example",
        "faß.ExAmPlE, xn--fa-hia.example",
        "FAẞ.example, xn--fa-hia.example",
        "βόλος.example, xn--nxasmm1c.example",
        "straße-ü.example, xn--strae--eta8u.example",
        "ﬁlm.example, film.example",
        "xn--bcher-kva.example, xn--bcher-kva.example",
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "[2001:DB8::1], [2001:db8::1]",
        "[::ffff:127.0.0.1], [::ffff:127.0.0.1]",
        "localhost, localhost",
        "1.2.3.4.example, 1.2.3.4.example",
    })
    void spellsAHostInOneWay(String written, String host) throws Exception {
        assertThat(Link.parse("https://" + written + "/x").host()).isEqualTo(host);
        assertThat(Link.parse("https://" + written + ":8443/x").host()).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0177.0.0.1",
                "127.0.0.01",
                "0x7f.0.0.1",
                "0x7f000001",
                "127.0.0.0x1",
                "2130706433",
                "017700000001",
                "127.1",
                "127.0.1",
                "256.0.0.1",
                "1.2.3.4.5",
                "127.0.0.1.",
                "2130706433.",
                "１２７.0.0.1",
                "127。0。0。1",
                "１２７.１",
                "a.example.0x",
            })
    void refusesNumbersThatOnlySomeResolversRead(String host) {
        assertThatThrownBy(() -> Link.parse("http://" + host + "/x"))
                .isInstanceOf(InvalidLinkException.class)
                .hasMessage("no host name: " + host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a.example.",
                ".a.example",
                "a..example",
                "-a.example",
                "a-.example",
                "a b.example",
                "a\tb.example",
                "a\\b.example",
                "ex%61mple.com",
                "a,b.example",
                "::1",
                "[::1",
                "::1]",
                "[fe80::1%25eth0]",
                "a\u200db.example",
                "a\u200cb.example",
                "a⒈b.example",
                "a℀b.example",
                "ä．．b.example",
                "[1.2.3.4g]",
            })
    void refusesAHostThatIsNone(String host) {
        assertThatThrownBy(() -> Link.parse("https://" + host + "/x")).isInstanceOf(InvalidLinkException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[:::]", "[1:2]", "[::1::2]", "a_b.example", "a.1b"})
    void refusesAHostThatJavaCannotRequest(String host) {
        assertThatThrownBy(() -> Link.parse("https://" + host + "/x")).isInstanceOf(InvalidLinkException.class);
    }

    @Test
    void refusesALabelOf64Characters() throws Exception {
        String label = "a".repeat(63);
        assertThat(Link.parse("https://" + label + ".example/").host()).isEqualTo(label + ".example");
        assertThatThrownBy(() -> Link.parse("https://a" + label + ".example/"))
                .hasMessage("no host name: a" + label + ".example");
    }

    @Test
    void refusesANameOf254Characters() throws Exception {
        String longest = "a.".repeat(126) + "a";
        assertThat(Link.parse("https://" + longest + "/").host()).hasSize(253);
        assertThatThrownBy(() -> Link.parse("https://a" + longest + "/")).hasMessage("no host name: a" + longest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user:secret@a.example/x",
                "https://media.licdn.com@evil.example/x",
                "https://media.licdn.com\\@evil.example/x",
                "https://media.licdn.com:443@evil.example/x",
            })
    void refusesUserInformation(String text) {
        assertThatThrownBy(() -> Link.parse(text)).hasMessage("user information before the host");
    }

    @Test
    void takesAnAtSignAfterTheHostForAPartOfThePath() throws Exception {
        assertThat(Link.parse("https://a.example/@b.example").host()).isEqualTo("a.example");
        assertThat(Link.parse("https://a.example?@b.example").host()).isEqualTo("a.example");
        assertThat(Link.parse("https://a.example#@b.example").host()).isEqualTo("a.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "n/a",
                "a.example/x",
                "//a.example/x",
                "ftp://a.example/x",
                "s3://bucket/key",
                "data:image/png;base64,AAAA",
                "https:/a.example/x",
                "https:a.example",
                "httpss://a.example/",
                "see https://a.example/x",
            })
    void refusesWhatIsNoWebAddress(String text) {
        assertThatThrownBy(() -> Link.parse(text)).hasMessage("not an http or https link");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a\nb", "/a\rHost: b", "/a\tb", "/a\u0000b", "/?a=\u007f", "/a\u001fb"})
    void refusesControlCharacters(String path) {
        assertThatThrownBy(() -> Link.parse("https://a.example" + path)).hasMessage("a control character");
    }

    @Test
    void refusesWhatIsLongerThanAnyCacheTakes() throws Exception {
        String longest = "https://a.example/" + "x".repeat(8192 - "https://a.example/".length());
        assertThat(Link.parse(longest).uri()).hasToString(longest);
        assertThatThrownBy(() -> Link.parse(longest + "x")).hasMessage("longer than 8192 characters");
    }

    @Test
    void readsTheFirstValueOfEachParameterUndecoded() throws Exception {
        assertThat(Link.parse("https://a.example/?a=1&b=%2F=&a=2&c=&d&=e").query())
                .isEqualTo(Map.of("a", "1", "b", "%2F=", "c", ""));
    }

    @Test
    void hasNoParametersWithoutAQuery() throws Exception {
        assertThat(Link.parse("https://a.example/a=1").query()).isEmpty();
    }

    @Test
    void costsNoStackTrace() {
        assertThatThrownBy(() -> Link.parse("n/a"))
                .satisfies(thrown -> assertThat(thrown.getStackTrace()).isEmpty());
    }
}
