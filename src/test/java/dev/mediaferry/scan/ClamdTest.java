package dev.mediaferry.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.fixture.FreePort;
import dev.mediaferry.fixture.LyingScanner;
import dev.mediaferry.settings.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing but a clear verdict about all bytes lets a file pass. */
class ClamdTest {

    private final LyingScanner scanner = new LyingScanner();
    private final Clamd clamd = Clamd.at("127.0.0.1", scanner.port(), Duration.ofSeconds(20));
    private final Clamd hasty = Clamd.at("127.0.0.1", scanner.port(), Duration.ofMillis(500));

    @AfterEach
    void close() throws IOException {
        scanner.close();
    }

    @Test
    void sendsAllBytesAndBelievesTheVerdict() throws Exception {
        assertThat(clamd.scan(bytes(200_000))).isEmpty();
        assertThat(scanner.received()).isEqualTo(200_000);
        scanner.says("stream: Win.Test.EICAR_HDB-1 FOUND");

        assertThat(clamd.scan(bytes(10))).contains("Win.Test.EICAR_HDB-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                LyingScanner.SILENCE,
                "stream: OK, I think",
                "OK",
                "stream: ERROR",
                "INSTREAM: Can't allocate memory ERROR",
                "UNKNOWN COMMAND"
            })
    void takesNothingElseForAVerdict(String answer) {
        scanner.says(answer);

        assertThatExceptionOfType(ScannerAwayException.class).isThrownBy(() -> hasty.scan(bytes(10)));
    }

    @Test
    void believesNobodyWhoHasNotHeardAllOfIt() {
        scanner.interruptsWith("stream: OK");

        assertThatExceptionOfType(ScannerAwayException.class).isThrownBy(() -> clamd.scan(bytes(50_000_000)));
    }

    @Test
    void waitsNotForEverForOneThatReadsNothing() {
        scanner.says(LyingScanner.FROZEN);

        assertThatExceptionOfType(ScannerAwayException.class)
                .isThrownBy(
                        () -> assertTimeoutPreemptively(Duration.ofSeconds(20), () -> hasty.scan(bytes(50_000_000))));
    }

    @Test
    void keepsNoMoreThanAFewWaitingForOneThatSaysNothing() {
        scanner.says(LyingScanner.SILENCE);
        ExecutorService pool = Executors.newCachedThreadPool();
        try {
            List<CompletableFuture<Throwable>> scans = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                scans.add(CompletableFuture.supplyAsync(() -> catchThrowable(() -> clamd.scan(bytes(10))), pool));
            }

            await().atMost(Duration.ofSeconds(15))
                    .until(() ->
                            scans.stream().filter(CompletableFuture::isDone).count() == 4);

            assertThat(scans.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join))
                    .allSatisfy(thrown -> assertThat(thrown)
                            .isInstanceOf(ScannerAwayException.class)
                            .hasMessageContaining("busy"));
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void saysWhatToRaiseWhenAFileIsTooLargeForIt() {
        scanner.says("INSTREAM size limit exceeded. ERROR");

        assertThatExceptionOfType(ScannerAwayException.class)
                .isThrownBy(() -> clamd.scan(bytes(10)))
                .withMessageContaining("raise StreamMaxLength");
    }

    @Test
    void isAwayWhereNobodyListens() {
        Clamd nobody = Clamd.at("127.0.0.1", Integer.parseInt(FreePort.text()), Duration.ofMillis(500));

        assertThatExceptionOfType(ScannerAwayException.class)
                .isThrownBy(() -> nobody.scan(bytes(10)))
                .withMessageContaining("does not answer");
    }

    @Test
    void blamesNoScannerForBytesThatDoNotCome() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("broken off");
            }

            @Override
            public int read(byte[] into, int from, int most) throws IOException {
                throw new IOException("broken off");
            }
        };

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> clamd.scan(broken))
                .withMessage("broken off");
    }

    @Test
    void readsItsAddressFromTheSettings() {
        assertThat(Clamd.of(settings(""))).isEmpty();
        assertThat(Clamd.of(settings("clamav.internal:3310")).orElseThrow())
                .hasToString("the scanner clamav.internal:3310");
        assertThat(Clamd.of(settings("[::1]:3310")).orElseThrow()).hasToString("the scanner ::1:3310");
        for (String wrong : new String[] {"clamav", "clamav:0", "clamav:70000", ":3310", "a b:1"}) {
            assertThatThrownBy(() -> Clamd.of(settings(wrong)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("mediaferry.scan.clamd is '" + wrong + "'");
        }
    }

    private static Settings settings(String clamd) {
        return Settings.load(null, Map.of(), Map.of("mediaferry.scan.clamd", clamd));
    }

    private static InputStream bytes(int count) {
        return new ByteArrayInputStream(new byte[count]);
    }
}
