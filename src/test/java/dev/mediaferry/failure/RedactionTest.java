package dev.mediaferry.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "at 30: https://a.example/b?sig=x&y=z|at 30: https://a.example/b?…",
                "https://a.example/b?token and more|https://a.example/b?… and more",
                "HTTP://a.example?e=1|HTTP://a.example?…",
                "//a.example/b?sig=x,y;z|//a.example/b?…",
                "/b?X-Amz-Signature=x|/b?…",
                "{\"m\":\"https://a/b?sig=x\",\"n\":1}|{\"m\":\"https://a/b?…\",\"n\":1}",
                "postgresql://user:pass@db/app|postgresql://…@db/app",
                "jdbc:postgresql://db/app?password=x|jdbc:postgresql://db/app?…",
                "is there room on its disk?|is there room on its disk?",
                "did you mean id? try a=b|did you mean id? try a=b",
                "mail me@example.com|mail me@example.com",
                "https://a.example/$1/b?sig=x|https://a.example/$1/b?…"
            })
    void takesOutQueriesAndUserInformationOnly(String text, String redacted) {
        assertThat(Redaction.of(text)).isEqualTo(redacted);
    }

    @Test
    void isAppliedToEveryFailureOfAMedium() {
        assertThat(new TransferException(FailureKind.INTERNAL, "x: https://a.example/b?sig=s3cr3t"))
                .hasMessage("x: https://a.example/b?…");
        assertThat(new TransferException(FailureKind.INTERNAL, null)).hasMessage(null);
    }
}
