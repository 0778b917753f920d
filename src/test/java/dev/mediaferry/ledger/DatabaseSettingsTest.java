package dev.mediaferry.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseSettingsTest {

    @Test
    void areEmptyForTheEmbeddedDatabase() {
        assertThat(DatabaseSettings.of(Settings.load(null, Map.of(), Map.of()))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "jdbc:postgresql://db.example:5433/app?sslmode=require, jdbc:postgresql://db.example:5433/app?sslmode=require, -, -",
                "jdbc:postgresql:app, jdbc:postgresql:app, -, -",
                "postgresql://db.example/app, jdbc:postgresql://db.example/app, -, -",
                "postgres://db.example:5433/app, jdbc:postgresql://db.example:5433/app, -, -",
                "postgresql://ferry@db.example/app, jdbc:postgresql://db.example/app, ferry, -",
                "postgresql://ferry:s3cr3t@db.example/app, jdbc:postgresql://db.example/app, ferry, s3cr3t",
                "postgresql://ferry:a:b@db.example/app, jdbc:postgresql://db.example/app, ferry, a:b",
                "postgresql://f%40x:p%2Fw%3A%20%C3%A4+%25@db.example/app, jdbc:postgresql://db.example/app, f@x, p/w: ä+%",
                "postgresql://ferry:@db.example/app, jdbc:postgresql://db.example/app, ferry, ''",
                "postgresql://[::1]:5432/app, jdbc:postgresql://[::1]:5432/app, -, -",
                "postgresql://db.example/my%20app, jdbc:postgresql://db.example/my%20app, -, -",
                "postgresql://db.example/app?schema=crm, jdbc:postgresql://db.example/app?currentSchema=crm, -, -",
                "postgresql://db.example/app?sslmode=require&schema=crm&x=schema=y, jdbc:postgresql://db.example/app?sslmode=require&currentSchema=crm&x=schema=y, -, -",
            })
    void takeEveryFormOfAddress(String url, String jdbc, String user, String password) {
        assertThat(of("url", url)).isEqualTo(new DatabaseSettings(jdbc, user, password));
    }

    @ParameterizedTest
    @ValueSource(strings = {"?password=s3cr3t", ";password=s3cr3t", "&password=s3cr3t"})
    void showNoPasswordWhateverItStandsBehind(String rest) {
        assertThat(of("url", "jdbc:postgresql://db.example/app" + rest).address())
                .isEqualTo("jdbc:postgresql://db.example/app");
    }

    @Test
    void preferUserAndPasswordOfTheirOwn() {
        assertThat(of("url", "postgresql://a:b@db.example/app", "user", "c", "password", "d"))
                .isEqualTo(new DatabaseSettings("jdbc:postgresql://db.example/app", "c", "d"));
        assertThat(of("url", "jdbc:postgresql://db.example/app", "user", "c", "password", "d"))
                .isEqualTo(new DatabaseSettings("jdbc:postgresql://db.example/app", "c", "d"));
        assertThat(of("url", "postgresql://a:b@db.example/app", "user", "c"))
                .isEqualTo(new DatabaseSettings("jdbc:postgresql://db.example/app", "c", "b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://ferry:s3cr3t@db.example/app",
                "jdbc:mysql://db.example/app?password=s3cr3t",
                "jdbc:postgresql://ferry:s3cr3t@db.example/app",
                "postgresql:s3cr3t",
                "jdbc:postgresql://db.example:s3cr3t/app",
                "jdbc:postgresql://db.example:99999/app?password=s3cr3t",
                "postgresql://ferry:s3cr3t@db.example:99999/app",
                "jdbc:postgresql:?password=s3cr3t%zz",
                "postgresql://ferry:s3cr3t@/app",
                "postgresql://ferry:s3cr3t#x@db.example/app",
                "postgresql://ferry:s3cr3t%zz@db.example/app",
                "postgresql://ferry:s3 cr3t@db.example/app",
                "db.example:5432/app",
                "s3cr3t"
            })
    void neverShowThePasswordOfAnAddressThatIsNone(String url) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> of("url", url))
                .withMessage("mediaferry.database.url must be jdbc:postgresql://host:port/database or"
                        + " postgresql://user:password@host:port/database")
                .withNoCause();
    }

    @Test
    void takeThePasswordFromTheFirstLineOfAFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("password"), "päss word\n");
        assertThat(of("url", "postgresql://db.example/app", "password-file", file.toString())
                        .password())
                .isEqualTo("päss word");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() ->
                        of("url", "postgresql://db.example/app", "password", "x", "password-file", file.toString()))
                .withMessage("set either mediaferry.database.password or mediaferry.database.password-file, not both");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> of("url", "postgresql://db.example/app", "password-file", directory + "/none"))
                .withMessage("mediaferry.database.password-file: cannot read " + directory + "/none");
        Files.writeString(file, "\n");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> of("url", "postgresql://db.example/app", "password-file", file.toString()))
                .withMessage("mediaferry.database.password-file: " + file + " is empty");
    }

    private static DatabaseSettings of(String... keyValues) {
        Map<String, String> settings = new HashMap<>();
        for (int i = 0; i < keyValues.length; i += 2) {
            settings.put("mediaferry.database." + keyValues[i], keyValues[i + 1]);
        }
        return DatabaseSettings.of(Settings.load(null, Map.of(), settings)).orElseThrow();
    }
}
