package dev.mediaferry.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The examples are those of RFC 1321 and FIPS 180-4. */
class DigestsTest {

    private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);
    private static final String ABC_SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void hashesAsTheStandardsSay() {
        MessageDigest md5 = Digests.md5();
        md5.update(ABC);
        assertThat(Digests.hex(md5)).isEqualTo("900150983cd24fb0d6963f7d28e17f72");
        assertThat(Digests.sha256(ABC)).isEqualTo(ABC_SHA256);
        assertThat(Digests.sha256(new byte[0]))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void givesEachCallerADigestOfItsOwn() {
        List<MessageDigest> digests =
                IntStream.range(0, 100).mapToObj(i -> Digests.sha256()).toList();
        digests.parallelStream().forEach(digest -> IntStream.range(0, 1000).forEach(i -> digest.update((byte) i)));
        assertThat(digests.stream().map(Digests::hex).distinct()).hasSize(1);
        assertThat(Digests.sha256(ABC)).isEqualTo(ABC_SHA256);
    }
}
