package dev.mediaferry.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailureKindTest {

    @ParameterizedTest
    @EnumSource
    void isFoundByItsLabel(FailureKind kind) {
        assertThat(FailureKind.ofLabel(kind.label())).isEqualTo(kind);
    }

    @Test
    void hasTheLabelsThatLedgersHold() {
        assertThat(Arrays.stream(FailureKind.values()).map(FailureKind::label))
                .containsExactly(
                        "gone",
                        "expired",
                        "forbidden",
                        "refused",
                        "address-refused",
                        "bad-redirect",
                        "missing-file",
                        "checksum-mismatch",
                        "too-large",
                        "too-many-pixels",
                        "not-media",
                        "damaged",
                        "film-refused",
                        "too-long",
                        "placeholder",
                        "placeholder-suspected",
                        "column-too-narrow",
                        "row-refused",
                        "key-taken",
                        "storage-refused",
                        "rate-limited",
                        "host-paused",
                        "interrupted",
                        "timeout",
                        "unavailable",
                        "truncated",
                        "changed",
                        "process-died",
                        "row-locked",
                        "storage-unavailable",
                        "storage-denied",
                        "storage-paused",
                        "disk-full",
                        "internal");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lost", "too large"})
    void knowsNoOtherLabel(String label) {
        assertThatIllegalArgumentException().isThrownBy(() -> FailureKind.ofLabel(label));
    }
}
