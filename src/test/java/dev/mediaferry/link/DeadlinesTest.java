package dev.mediaferry.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlinesTest {

    @ParameterizedTest
    @CsvSource({
        "https://media.licdn.com/a?e=1767225600&v=beta&t=sig, 2026-01-01T00:00:00Z",
        "https://media.licdn.com/a?e=1767225600, 2026-01-01T00:00:00Z",
        "https://cdn.example/a?e=1767225600&v=beta&t=sig, 2026-01-01T00:00:00Z",
        "https://media.licdn.com/a?e=2147483646&v=beta&t=sig, 2038-01-19T03:14:06Z",
        "https://scontent.xx.fbcdn.net/a?oh=00_A&oe=6955B900, 2026-01-01T00:00:00Z",
        "https://scontent.xx.fbcdn.net/a?oe=6955b900&oh=00_A, 2026-01-01T00:00:00Z",
        "https://cdn.discordapp.com/a?ex=6955b900&is=69546780&hm=ab, 2026-01-01T00:00:00Z",
        "https://d1.cloudfront.net/a?Expires=1767225600&Signature=x&Key-Pair-Id=K, 2026-01-01T00:00:00Z",
        "https://b.s3.amazonaws.com/a?AWSAccessKeyId=A&Expires=1767225600&Signature=x, 2026-01-01T00:00:00Z",
        "https://storage.googleapis.com/a?GoogleAccessId=a&Expires=1767225600&Signature=x, 2026-01-01T00:00:00Z",
        "https://b.s3.amazonaws.com/a?X-Amz-Date=20251231T230000Z&X-Amz-Expires=3600, 2026-01-01T00:00:00Z",
        "https://b.s3.amazonaws.com/a?X-Amz-Date=20251231T230000Z&X-Amz-Expires=0, 2025-12-31T23:00:00Z",
        "https://storage.googleapis.com/a?X-Goog-Date=20251231T000000Z&X-Goog-Expires=86400, 2026-01-01T00:00:00Z",
        "https://x.blob.core.windows.net/a?se=2026-01-01T00:00:00Z&sig=x, 2026-01-01T00:00:00Z",
        "https://p16-sign.tiktokcdn.com/a?x-expires=1767225600&x-signature=a%3D, 2026-01-01T00:00:00Z",
        "https://file.notion.so/a?table=block&expirationTimestamp=1767225600000&signature=x, 2026-01-01T00:00:00Z",
        "https://x.blob.core.windows.net/a?se=2026-01-01T00%3A00%3A00Z&sig=x, 2026-01-01T00:00:00Z",
        "https://x.blob.core.windows.net/a?se=2026-01-01T00%3a00Z&sig=x, 2026-01-01T00:00:00Z",
        "https://x.blob.core.windows.net/a?se=2026-01-01&sig=x, 2026-01-01T00:00:00Z",
        "https://x.blob.core.windows.net/a?se=2026-01-01T01%3A00%3A00%2B01%3A00&sig=x, 2026-01-01T00:00:00Z",
    })
    void readsEachFormat(String link, Instant deadline) throws Exception {
        assertThat(Deadlines.STANDARD.of(Link.parse(link))).contains(deadline);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1767225600", "\"1767225600\""})
    void readsThePolicyOfCloudFront(String seconds) throws Exception {
        String policy = "{\"Statement\": [{\"Resource\":\"https://d1.cloudfront.net/a?>>>\",\"Condition\":"
                + "{\"IpAddress\":{\"AWS:SourceIp\":\"0.0.0.0/0\"}, \"DateGreaterThan\":{\"AWS:EpochTime\":1},"
                + "\"DateLessThan\" : {\"AWS:EpochTime\":" + seconds + "}}}]}";
        String base64 = Base64.getEncoder()
                .encodeToString(policy.getBytes(StandardCharsets.UTF_8))
                .replace('+', '-')
                .replace('=', '_')
                .replace('/', '~');
        String link = "https://d1.cloudfront.net/a?Policy=" + base64 + "&Signature=x&Key-Pair-Id=K";
        assertThat(Deadlines.STANDARD.of(Link.parse(link))).contains(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(Deadlines.STANDARD.of(Link.parse("https://d1.cloudfront.net/a?Policy=e30_&Signature=x")))
                .isEmpty();
        assertThat(Deadlines.STANDARD.of(Link.parse("https://d1.cloudfront.net/a?Policy=!&Signature=x")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "seconds, 1767225600",
        "milliseconds, 1767225600000",
        "hexadecimal, 6955b900",
        "iso, 2026-01-01T01:00:00%2B01:00",
    })
    void readsTheRuleOfAHostBeforeAllOthers(String form, String date) throws Exception {
        Deadlines deadlines = new Deadlines(List.of(new DeadlineRule(
                new HostPatterns(List.of("*.example.com")), "until", DeadlineRule.Form.ofLabel(form))));
        String query = "/a?until=" + date + "&Expires=1&Signature=x";
        assertThat(deadlines.of(Link.parse("https://cdn.example.com" + query)))
                .contains(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(deadlines.of(Link.parse("https://cdn.example.org" + query))).contains(Instant.ofEpochSecond(1));
        assertThat(deadlines.of(Link.parse("https://cdn.example.com/a?Expires=1&Signature=x")))
                .contains(Instant.ofEpochSecond(1));
        assertThat(deadlines.of(Link.parse("https://cdn.example.com/a?until=soon")))
                .isEmpty();
    }

    @Test
    void prefersTheSignatureThatCoversTheOthers() throws Exception {
        Optional<Instant> deadline = Deadlines.STANDARD.of(
                Link.parse(
                        "https://media.licdn.com/a?e=1&v=b&t=c&X-Amz-Date=20251231T230000Z&X-Amz-Expires=3600&Expires=1&Signature=x"));
        assertThat(deadline).contains(Instant.parse("2026-01-01T00:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483647", "2147483648", "9999999999"})
    void takesTheEndOfTheClockForNever(String seconds) throws Exception {
        assertThat(Deadlines.STANDARD.of(Link.parse("https://media.licdn.com/a?e=" + seconds + "&v=beta&t=sig")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://a.example/a",
                "https://a.example/a?e=1767225600",
                "https://a.example/a?e=1767225600&v=beta",
                "https://a.example/a?e=1767225600&t=sig",
                "https://notlicdn.com/a?e=1767225600",
                "https://media.licdn.com.evil.example/a?e=1767225600",
                "https://media.licdn.com/a?v=beta&t=sig",
                "https://a.example/a?oe=6955B900",
                "https://a.example/a?oh=00_A",
                "https://a.example/a?ex=6955B900&is=69546780",
                "https://a.example/a?ex=6955B900&hm=ab",
                "https://a.example/a?Expires=1767225600",
                "https://a.example/a?expires=1767225600&signature=x",
                "https://a.example/a?se=2026-01-01",
                "https://a.example/a?X-Amz-Date=20251231T230000Z",
                "https://a.example/a?X-Amz-Expires=3600",
                "https://a.example/a?X-Amz-Date=20251231T230000Z&X-Goog-Expires=3600",
            })
    void readsNothingWithoutTheCompanions(String link) throws Exception {
        assertThat(Deadlines.STANDARD.of(Link.parse(link))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://media.licdn.com/a?e=soon&v=beta&t=sig",
                "https://media.licdn.com/a?e=&v=beta&t=sig",
                "https://media.licdn.com/a?e=1.5&v=beta&t=sig",
                "https://media.licdn.com/a?e=99999999999999999999&v=beta&t=sig",
                "https://a.example/a?oe=xyz&oh=00_A",
                "https://a.example/a?oe=0x6955B900&oh=00_A",
                "https://a.example/a?ex=&is=1&hm=ab",
                "https://a.example/a?Expires=tomorrow&Signature=x",
                "https://a.example/a?Expires=9223372036854775807&Signature=x",
                "https://a.example/a?X-Amz-Date=2025-12-31&X-Amz-Expires=3600",
                "https://a.example/a?X-Amz-Date=20251331T230000Z&X-Amz-Expires=3600",
                "https://a.example/a?X-Amz-Date=20251231T230000Z&X-Amz-Expires=1h",
                "https://a.example/a?X-Amz-Date=20251231T230000Z&X-Amz-Expires=9223372036854775807",
                "https://a.example/a?se=2026-01-01T00:00:00&sig=x",
                "https://a.example/a?se=2026-02-30&sig=x",
                "https://a.example/a?se=later&sig=x",
                "https://a.example/a?se=%ZZ&sig=x",
            })
    void takesAMalformedDateForNone(String link) throws Exception {
        assertThat(Deadlines.STANDARD.of(Link.parse(link))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://a.example/a?Expires=1767225600000&Signature=x",
                "https://a.example/a?Expires=253402300800&Signature=x",
                "https://a.example/a?Expires=-1&Signature=x",
                "https://media.licdn.com/a?e=-1&v=beta&t=sig",
                "https://a.example/a?oe=FFFFFFFFFFF&oh=00_A",
                "https://a.example/a?ex=-1&is=1&hm=ab",
                "https://a.example/a?X-Amz-Date=20251231T230000Z&X-Amz-Expires=999999999999",
                "https://a.example/a?X-Amz-Date=20251231T230000Z&X-Amz-Expires=-9999999999",
            })
    void takesADateThatNoLinkCanMeanForNone(String link) throws Exception {
        assertThat(Deadlines.STANDARD.of(Link.parse(link))).isEmpty();
    }

    @Test
    void readsTheLastSecondThatADatabaseWritesWithFourDigitYears() throws Exception {
        assertThat(Deadlines.STANDARD.of(Link.parse("https://a.example/a?Expires=253402300799&Signature=x")))
                .contains(Instant.parse("9999-12-31T23:59:59Z"));
    }
}
