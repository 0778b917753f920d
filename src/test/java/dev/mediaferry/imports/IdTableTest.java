package dev.mediaferry.imports;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdTableTest {

    private static final int ENTRIES = 100_000;

    private final IdTable table = new IdTable();

    @Test
    void findsWhatWasPutIn() {
        for (int i = 0; i < ENTRIES; i++) {
            assertThat(table.putIfAbsent("old-" + i, "new-ü-" + i * 7)).isNull();
        }
        assertThat(table.size()).isEqualTo(ENTRIES);
        for (int i = 0; i < ENTRIES; i++) {
            assertThat(table.get("old-" + i)).isEqualTo("new-ü-" + i * 7);
        }
        assertThat(table.get("old-" + ENTRIES)).isNull();
    }

    @Test
    void keepsTheFirstValue() {
        assertThat(table.putIfAbsent("", "one")).isNull();
        assertThat(table.putIfAbsent("", "two")).isEqualTo("one");
        assertThat(table.get("")).isEqualTo("one");
    }

    @Test
    void holdsTextsThatAreLongerThanAChunk() {
        String text = "x".repeat(3_000_000);
        table.putIfAbsent(text, text + "y");
        assertThat(table.get(text)).isEqualTo(text + "y");
    }
}
