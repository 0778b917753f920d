package dev.mediaferry.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.registry.IdMapping;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Maps as other systems export them. */
class IdMapTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "old,new\na,1\nb,2\n\n",
                "old,new\r\na,1\r\n\r\nb,2\r\n\r\n\r\n",
                "\ufeffold,new\na,1\nb,2",
            })
    void blankLinesOfACsvAreNoRows(String text) throws Exception {
        hasBoth(map("map.csv", text, "UTF-8", true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"old\":\"a\",\"new\":1}\n{\"old\":\"b\",\"new\":\"2\"}\n\n",
                "{\"old\":\"a\",\"new\":1}\r\n\r\n{\"old\":\"b\",\"new\":2,\"x\":[1]}",
                "[{\"old\":\"a\",\"new\":1},{\"old\":\"b\",\"new\":2}]\n\n",
                "{\"a\":1,\"b\":2}",
            })
    void jsonMayBeAnObjectALine(String text) throws Exception {
        hasBoth(map("map.jsonl", text, "UTF-8", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1,\"b\":2}\n", "{\"a\":1}\n{\"b\":2}\n"})
    void plainObjectsNeedNoFields(String text) throws Exception {
        hasBoth(map("map.json", text, "UTF-8", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"old\":\"a\",\"new\":1},{\"old\":\"n\",\"new\":null},{\"old\":null,\"new\":7},{\"old\":\"b\",\"new\":2}]",
                "[{\"old\":\"a\",\"new\":1},{\"old\":\"n\"},{\"new\":7},{\"old\":\"b\",\"new\":2}]",
                "{\"old\":\"a\",\"new\":1}\n{\"old\":\"n\",\"new\":null}\n{\"old\":\"b\",\"new\":2}",
                "{\"a\":1,\"n\":null,\"b\":2}",
            })
    void aNullIsTheFaultOfItsEntryAlone(String text) throws Exception {
        IdMap map = map("map.json", text, "UTF-8", true);
        hasBoth(map);
        assertThat(map.newId("n")).isEmpty();
        assertThat(map.isFaulty("n")).isTrue();
        assertThat(map.isFaulty("a")).isFalse();
        assertThat(map.isFaulty("unknown")).isFalse();
    }

    @Test
    void anEmptyFieldIsTheFaultOfItsRowAlone() throws Exception {
        IdMap map = map("map.csv", "old,new\na,1\nn,\n,7\nb,2\n", "UTF-8", true);
        hasBoth(map);
        assertThat(map.isFaulty("n")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "map.csv, UTF-16, UTF-16BE",
        "map.csv, UTF-16LE, UTF-16LE",
        "map.json, UTF-16BE, UTF-16BE",
        "map.csv, ISO-8859-1, ISO-8859-1",
        "map.json, ISO-8859-1, ISO-8859-1",
        "map.csv, windows-1252, Windows-1252",
        "map.json, UTF-32LE, UTF-16LE"
    })
    void anotherEncodingIsNamed(String name, String charset, String named) {
        String id = charset.equals("windows-1252") ? "\u00fc\u20ac" : "\u00fc";
        String text = name.endsWith("csv") ? "old,new\n" + id + ",1\n" : "{\"" + id + "\":\"1\"}";
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> map(name, text, charset, name.endsWith("csv")))
                .withMessageContaining("map users")
                .withMessageContaining("it is not in UTF-8 but, by ")
                .withMessageContaining(" in " + named);
    }

    @Test
    void aLongMapInUtf8IsNoOther() throws Exception {
        StringBuilder text = new StringBuilder("old,new\na,1\nb,2\n");
        for (int i = 0; i < 40_000; i++) {
            text.append("\u00fc\u8868").append(i).append(",x\u20ac").append(i).append('\n');
        }
        IdMap map = map("map.csv", text.toString(), "UTF-8", true);
        assertThat(map.newId("\u00fc\u886839999")).contains("x\u20ac39999");
    }

    @Test
    void anAccentIsTheSameHoweverItIsWritten() throws Exception {
        IdMap map = map("map.csv", "old,new\ncaf\u00e9,1\nu\u0308ber,2\n", "UTF-8", true);
        assertThat(map.newId("cafe\u0301")).contains("1");
        assertThat(map.newId("\u00fcber")).contains("2");
    }

    private static void hasBoth(IdMap map) {
        assertThat(map.newId("a")).contains("1");
        assertThat(map.newId("b")).contains("2");
    }

    private IdMap map(String name, String text, String charset, boolean fields) throws IOException {
        Path file = Files.write(directory.resolve(name), text.getBytes(Charset.forName(charset)));
        return IdMap.read(new IdMapping(
                "users",
                file,
                Optional.of("old").filter(old -> fields),
                Optional.of("new").filter(old -> fields),
                null,
                null,
                "id"));
    }
}
