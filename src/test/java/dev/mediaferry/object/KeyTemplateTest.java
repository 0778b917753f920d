package dev.mediaferry.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTemplateTest {

    private static final Instant NOW = Instant.ofEpochMilli(1_767_225_600_123L);
    private static final String SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    @ParameterizedTest
    @CsvSource({
        "{folder}/{id}/{timestamp}-{random}.{ext}, avatars/42/1767225600123-k3x9.{ext}",
        "{table}/{column}/{random}, LinkedInProfile/profilePic/k3x9",
        "media/{sha256}.{ext}, media/{sha256}.{ext}",
        "{random}, k3x9",
        "{random}{random}, k3x9k3x9",
        "a_b-c.d/{random}, a_b-c.d/k3x9",
    })
    void leavesOpenOnlyWhatTheBytesTell(String template, String key) {
        assertThat(key(template, "42")).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "a-B.9_z, a-B.9_z",
                "a/b, a_2Fb",
                "a b, a_20b",
                "ä, _C3_A4",
                "{random}, _7Brandom_7D",
                "{ext}, _7Bext_7D",
                "$1\\x, _241_5Cx",
                "../../etc, _2E._2F.._2Fetc",
                ".hidden, _2Ehidden",
                "_x, _5Fx",
                "a%2Fb, a_252Fb",
                "6f9619ff-8b86-d011-b42d-00cf4fc964ff, 6f9619ff-8b86-d011-b42d-00cf4fc964ff",
            })
    void writesIdsSafely(String id, String written) {
        assertThat(key("x/{id}/{random}", id)).isEqualTo("x/" + written + "/k3x9");
    }

    @Test
    void writesTheHeadAndAHashOfEndlessIds() {
        assertThat(key("{id}/{random}", "a".repeat(500))).matches("a{173}-[0-9a-f]{32}/k3x9");
        assertThat(key("{id}/{random}", "ä".repeat(500))).matches("(_C3_A4){28}_C3-[0-9a-f]{32}/k3x9");
    }

    @Test
    void writesTableAndColumnSafely() {
        String key = new KeyTemplate("{table}/{column}/{random}").key("f", "My Table", "col/umn", "1", NOW, "r");
        assertThat(key).isEqualTo("My_20Table/col_2Fumn/r");
    }

    @ParameterizedTest
    @CsvSource({
        "a/{sha256}.{ext}, a/" + SHA256 + ".jpg",
        "a/1-r.{ext}, a/1-r.jpg",
        "a/1-r, a/1-r",
        "{ext}/{sha256}/{ext}, jpg/" + SHA256 + "/jpg"
    })
    void isCompletedWithWhatTheBytesTell(String key, String complete) {
        assertThat(KeyTemplate.complete(key, "jpg", SHA256)).isEqualTo(complete);
    }

    @ParameterizedTest
    @CsvSource({"a/1-r.{ext}, a/1-r.", "a/{sha256}.{ext}, a/", "a/1-r, a/1-r", "{sha256}, ''"})
    void hasAPrefixThatEveryObjectOfItStartsWith(String key, String prefix) {
        assertThat(KeyTemplate.prefix(key)).isEqualTo(prefix);
    }

    @Test
    void isSharedWithAHash() {
        assertThat(new KeyTemplate("{sha256}").shared()).isTrue();
        assertThat(new KeyTemplate("{random}").shared()).isFalse();
        assertThat(KeyTemplate.isShared("a/{sha256}.{ext}")).isTrue();
        assertThat(KeyTemplate.isShared("a/r.{ext}")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"{random}/{name}, {name}", "{random}/{}, {}", "{Random}, {Random}", "{random}/{ id }, { id }"})
    void refusesAnUnknownPlaceholder(String template, String placeholder) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyTemplate(template))
                .withMessage(
                        "'%s' has an unknown placeholder %s; known are {folder}, {table}, {column}, {id}, {timestamp}, {random}, {sha256}, {ext}",
                        template, placeholder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "media", "{folder}/{id}.{ext}", "{timestamp}"})
    void refusesATemplateThatTwoMediaCouldShare(String template) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyTemplate(template))
                .withMessage("'%s' needs {random} or {sha256}, else two media could claim one key", template);
    }

    @Test
    void refusesAnExtensionBeforeTheRandomPart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyTemplate("{ext}/{random}"))
                .withMessage("'{ext}/{random}' needs {random} before {ext}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/{random}",
                "../{random}",
                "a/../{random}",
                "{random}?x",
                "a b/{random}",
                "ä/{random}",
                "%2e/{random}",
                "{random}}",
                "{{random}}",
                "{random}\\x",
                "{random}#",
            })
    void refusesWhatIsNoPlainPath(String template) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyTemplate(template))
                .withMessage("'%s' may have only letters, digits and . _ - / between its placeholders", template);
    }

    private static String key(String template, String id) {
        return new KeyTemplate(template).key("avatars", "LinkedInProfile", "profilePic", id, NOW, "k3x9");
    }

    @Test
    void longNamesThatDifferOnlyAtTheirEndsHaveKeysOfTheirOwn() {
        String japanese = "\u5199\u771f".repeat(12) + "\u4e00";
        java.util.Set<String> keys = new java.util.HashSet<>();
        for (String name : java.util.List.of(
                japanese + "\u4e00",
                japanese + "\u4e8c",
                "a".repeat(203),
                "a".repeat(204),
                "a".repeat(202) + "b",
                "\u00fc".repeat(40) + "x".repeat(10_000),
                "\u00fc".repeat(40) + "x".repeat(10_001))) {
            String key = KeyTemplate.safe(name);
            assertThat(key).matches("[A-Za-z0-9._-]{203,206}");
            assertThat(keys.add(key)).isTrue();
            // No name that is written in full looks like it.
            assertThat(KeyTemplate.safe(key)).isNotEqualTo(key);
        }
    }

    @Test
    void shortNamesAreWrittenInFull() {
        assertThat(KeyTemplate.safe("a".repeat(200))).isEqualTo("a".repeat(200));
        assertThat(KeyTemplate.safe("\u00fc".repeat(33) + "!")).isEqualTo("_C3_BC".repeat(33) + "_21");
    }
}
