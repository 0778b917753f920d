package dev.mediaferry.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.fixture.Pictures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyReaderTest {

    private static final int LIMIT = 3_000_000;
    private static final int PIXELS = 50_000_000;

    @TempDir
    private Path spool;

    @ParameterizedTest
    @ValueSource(ints = {200, 16_383, 16_384, 16_385, 999_999, 1_000_000})
    void keepsUpToAMegabyteInMemory(int length) throws Exception {
        byte[] picture = picture(length);
        for (Long announced : new Long[] {null, (long) length}) {
            try (Content content =
                    reception().receive(new ByteArrayInputStream(picture), announced, MediaKind.DEFAULT)) {
                assertThat(content.payload()).isEqualTo(picture);
                assertThat(content.file()).isNull();
                assertFacts(content, picture);
            }
        }
        assertThat(spooled()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000_001, 1_048_576, 1_048_577, 2_000_000, LIMIT})
    void spoolsWhatIsLarger(int length) throws Exception {
        byte[] picture = picture(length);
        for (Long announced : new Long[] {null, (long) length}) {
            try (Content content =
                    reception().receive(new ByteArrayInputStream(picture), announced, MediaKind.DEFAULT)) {
                assertThat(content.bytes()).isNull();
                assertThat(content.payload()).isEqualTo(content.file().toFile());
                assertThat(content.file().getParent()).isEqualTo(spool);
                assertThat(content.file()).hasBinaryContent(picture);
                assertFacts(content, picture);
            }
        }
    }

    @Test
    void deletesTheSpoolFileWhenTheContentIsClosed() throws Exception {
        Content content = reception().receive(new ByteArrayInputStream(picture(1_000_001)), null, MediaKind.DEFAULT);
        assertThat(spooled()).isEqualTo(1);
        content.close();
        assertThat(spooled()).isZero();
        content.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 1_000_000, 1_000_001, 2_500_000})
    void takesWhatIsAsLongAsTheLimit(int limit) throws Exception {
        byte[] picture = picture(limit);
        try (Content content = new BodyReader(spool, limit, PIXELS)
                .receive(new ByteArrayInputStream(picture), null, MediaKind.DEFAULT)) {
            assertFacts(content, picture);
        }
        try (Content content = new BodyReader(spool, limit, PIXELS)
                .receive(new ByteArrayInputStream(picture), (long) limit, MediaKind.DEFAULT)) {
            assertFacts(content, picture);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 1_000_000, 1_000_001, 2_500_000})
    void refusesOneByteMoreThanTheLimit(int limit) {
        assertThat(failure(new BodyReader(spool, limit, PIXELS), picture(limit + 1), null))
                .hasMessage("more than " + limit + " bytes sent, mediaferry.fetch.max-bytes allows " + limit)
                .extracting(TransferException::kind)
                .isEqualTo(FailureKind.TOO_LARGE);
        assertThat(spooled()).isZero();
    }

    @Test
    void refusesMoreThanTheLimitWhateverWasAnnounced() {
        assertThat(failure(new BodyReader(spool, 500, PIXELS), picture(501), 400L)
                        .kind())
                .isEqualTo(FailureKind.TOO_LARGE);
    }

    @Test
    void readsNothingOfWhatIsAnnouncedTooLarge() {
        Body body = new Body(new ByteArrayInputStream(picture(501)));
        assertThatThrownBy(() -> new BodyReader(spool, 500, PIXELS).receive(body, 501L, MediaKind.DEFAULT))
                .hasMessage("501 bytes announced, mediaferry.fetch.max-bytes allows 500");
        assertThat(body.read).isZero();
        assertThat(body.closed).isTrue();
    }

    @Test
    void readsNoEndlessBody() {
        Body body = new Body(new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        });
        assertThatThrownBy(() -> new BodyReader(spool, 2_000_000, PIXELS).receive(body, null, MediaKind.DEFAULT))
                .hasMessage("more than 2000000 bytes sent, mediaferry.fetch.max-bytes allows 2000000");
        assertThat(body.read).isLessThan(2_100_000);
        assertThat(spooled()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 1_000_001})
    void callsTruncatedWhatIsShorterThanAnnounced(int length) {
        TransferException failure = failure(reception(), picture(length), length + 1L);
        assertThat(failure).hasMessage("got %d of %d bytes announced", length, length + 1);
        assertThat(failure.kind()).isEqualTo(FailureKind.TRUNCATED);
        assertThat(spooled()).isZero();
    }

    @Test
    void distrustsWhatIsLongerThanAnnounced() {
        TransferException failure = failure(reception(), picture(201), 200L);
        assertThat(failure).hasMessage("got 201 of 200 bytes announced");
        assertThat(failure.kind()).isEqualTo(FailureKind.TRUNCATED);
    }

    @Test
    void deletesTheSpoolFileWhenTheConnectionBreaks() {
        InputStream tail = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return read();
            }
        };
        InputStream breaking = new SequenceInputStream(new ByteArrayInputStream(picture(1_500_000)), tail);
        assertThatThrownBy(() -> reception().receive(breaking, null, MediaKind.DEFAULT))
                .hasMessage("reset");
        assertThat(spooled()).isZero();
    }

    @Test
    void refusesAPageInsteadOfAPicture() {
        TransferException failure =
                failure(reception(), "<!doctype html><p>Sign in".getBytes(StandardCharsets.UTF_8), null);
        assertThat(failure)
                .hasMessage(
                        "the answer is an HTML page, the field takes image, video only; it begins with \"<!doctype html><p>Sign in\"");
        assertThat(failure.kind()).isEqualTo(FailureKind.NOT_MEDIA);
    }

    @Test
    void deletesTheSpoolFileOfWhatIsNoMedium() {
        assertThat(failure(reception(), new byte[1_500_000], null))
                .hasMessage("the answer is unknown bytes, the field takes image, video only; it begins with "
                        + "0".repeat(64));
        assertThat(spooled()).isZero();
    }

    @Test
    void refusesAKnownTypeThatIsNeitherPictureNorVideo() {
        assertThat(failure(reception(), "%PDF-1.7".getBytes(StandardCharsets.US_ASCII), null))
                .hasMessage(
                        "the answer is application/pdf, the field takes image, video only; it begins with \"%PDF-1.7\"");
    }

    @Test
    void refusesAnEmptyBody() {
        for (Long announced : new Long[] {null, 0L}) {
            TransferException failure = failure(reception(), new byte[0], announced);
            assertThat(failure).hasMessage("the answer is empty");
            assertThat(failure.kind()).isEqualTo(FailureKind.PLACEHOLDER);
        }
    }

    @Test
    void looksAtTheWholeHeadThoughItComesByteByByte() throws Exception {
        byte[] picture = Pictures.png(1);
        InputStream slow = new ByteArrayInputStream(picture) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                return super.read(bytes, offset, Math.min(1, length));
            }
        };
        try (Content content = reception().receive(slow, null, MediaKind.DEFAULT)) {
            assertFacts(content, picture);
            assertThat(content.bytes()).isEqualTo(picture);
        }
    }

    @Test
    void closesTheBody() throws Exception {
        Body body = new Body(new ByteArrayInputStream(Pictures.png(1)));
        reception().receive(body, null, MediaKind.DEFAULT).close();
        assertThat(body.closed).isTrue();
    }

    @Test
    void saysWhenThereIsNoRoomForTheSpoolFile() {
        Path missing = spool.resolve("missing");
        TransferException failure = failure(new BodyReader(missing, LIMIT, PIXELS), picture(1_000_001), null);
        assertThat(failure.kind()).isEqualTo(FailureKind.DISK_FULL);
        assertThat(failure).hasMessageStartingWith("cannot write to the spool directory " + missing + ": ");
    }

    private BodyReader reception() {
        return new BodyReader(spool, LIMIT, PIXELS);
    }

    private static TransferException failure(BodyReader reception, byte[] body, Long announced) {
        TransferException[] failure = new TransferException[1];
        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> reception.receive(new ByteArrayInputStream(body), announced, MediaKind.DEFAULT))
                .satisfies(thrown -> failure[0] = thrown);
        return failure[0];
    }

    private static void assertFacts(Content content, byte[] bytes) throws Exception {
        assertThat(content.length()).isEqualTo(bytes.length);
        assertThat(content.type()).isEqualTo(new MediaType("image/png", "png"));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
        assertThat(content.sha256()).isEqualTo(HexFormat.of().formatHex(digest));
    }

    /** A PNG that is as long as its only chunk of data makes it. */
    private static byte[] picture(int length) {
        byte[] real = Pictures.png(1);
        byte[] data = new byte[length - 57];
        new Random(length).nextBytes(data);
        return ByteBuffer.allocate(length)
                .put(real, 0, 33)
                .putInt(data.length)
                .put("IDAT".getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .putInt(0)
                .put(real, real.length - 12, 12)
                .array();
    }

    private long spooled() {
        try (Stream<Path> files = Files.list(spool)) {
            return files.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Body extends InputStream {
        private final InputStream in;
        private long read;
        private boolean closed;

        Body(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            read++;
            return in.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = in.read(bytes, offset, length);
            read += Math.max(0, count);
            return count;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
