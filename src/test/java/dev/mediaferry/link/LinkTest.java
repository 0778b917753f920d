package dev.mediaferry.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
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

    @ParameterizedTest
    @ValueSource(strings = {"my_bucket.s3.amazonaws.com", "_a.example", "a_.example", "minio_1", "a.1b"})
    void takesHostsThatJavasOwnAddressesDoNotKnow(String host) throws Exception {
        Link link = Link.parse("http://" + host.toUpperCase(Locale.ROOT) + ":8080/x?a_b");
        assertThat(link.host()).isEqualTo(host);
        assertThat(link.port()).isEqualTo(8080);
        assertThat(link.uri()).hasToString("http://" + host + ":8080/x?a_b");
        assertThat(Authority.of(link.uri())).isEqualTo(new Authority(host, 8080));
        assertThat(StoredLink.overTls(link.uri())).isEmpty();
        assertThat(StoredLink.overTls(Link.parse("http://" + host + "/x").uri()))
                .hasValue(URI.create("https://" + host + "/x"));
    }

    /** The examples of RFC 3986, section 5.4, that lead to http; a fragment is dropped. */
    @ParameterizedTest
    @CsvSource({
        "g, /b/c/g",
        "./g, /b/c/g",
        "g/, /b/c/g/",
        "/g, /g",
        "?y, /b/c/d;p?y",
        "g?y, /b/c/g?y",
        "#s, /b/c/d;p?q",
        "g#s, /b/c/g",
        "g?y#s, /b/c/g?y",
        ";x, /b/c/;x",
        "g;x=1/../y, /b/c/y",
        "'', /b/c/d;p?q",
        "., /b/c/",
        "./, /b/c/",
        ".., /b/",
        "../g, /b/g",
        "../.., /",
        "../../g, /g",
        "../../../g, /g",
        "../../../../g, /g",
        "/./g, /g",
        "/../g, /g",
        "g., /b/c/g.",
        "..g, /b/c/..g",
        "./../g, /b/g",
        "./g/., /b/c/g/",
        "g/./h, /b/c/g/h",
        "g;x=1/./y, /b/c/g;x=1/y",
        "g?y/../x, /b/c/g?y/../x",
        "http://a.example/b/../g, /g",
        "//a.example/g, /g",
        "/a%2fb/%7e//c'!, /a%2fb/%7e//c'!",
    })
    void followsARedirectAsTheStandardSays(String location, String path) throws Exception {
        assertThat(Link.parse("http://a.example/b/c/d;p?q")
                        .redirectedTo(location)
                        .uri())
                .hasToString("http://a.example" + path);
    }

    @Test
    void followsARedirectFromAHostWithoutAPath() throws Exception {
        assertThat(Link.parse("https://a_b.example?x").redirectedTo("y").uri()).hasToString("https://a_b.example/y");
        assertThat(Link.parse("https://a_b.example/d/q").redirectedTo("?v=2").uri())
                .hasToString("https://a_b.example/d/q?v=2");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "/bild-ä.png, UTF-8, /bild-%C3%A4.png",
                "/bild-ä.png, ISO-8859-1, /bild-%E4.png",
                "/😀?q=ü, UTF-8, /%F0%9F%98%80?q=%C3%BC",
                "/a|b[1]{2}^\"c\"<d>, UTF-8, /a%7Cb%5B1%5D%7B2%7D%5E%22c%22%3Cd%3E",
                "/a b, UTF-8, /a%20b",
                "/100%, UTF-8, /100%25",
                "?a[0]={x}|y, UTF-8, /d/q?a%5B0%5D=%7Bx%7D%7Cy",
            })
    void encodesARedirectAsAColumnsLink(String location, String charset, String path) throws Exception {
        String header = new String(location.getBytes(charset), StandardCharsets.ISO_8859_1);
        assertThat(Link.parse("https://a.example/d/q").redirectedTo(header).uri())
                .hasToString("https://a.example" + path);
    }

    @Test
    void readsAHostInARedirectAsItIsWritten() throws Exception {
        String header = new String("//bücher.example/ä".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(Link.parse("https://a.example/").redirectedTo(header).uri())
                .hasToString("https://xn--bcher-kva.example/%C3%A4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://a.example/x", "mailto:a@b.example", "//user@b.example/", "http:g", "bild:1.png"})
    void followsNoRedirectToWhatIsNoLink(String location) {
        assertThatThrownBy(() -> Link.parse("https://a.example/b").redirectedTo(location))
                .isInstanceOf(InvalidLinkException.class);
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
    @ValueSource(strings = {"[:::]", "[1:2]", "[::1::2]"})
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
