package dev.mediaferry.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What makes escaping for HTML enough: nothing that is filled in stands where it could be anything but text. */
class TemplatesTest {

    private static final Path TEMPLATES = Path.of("src/main/resources/dev/mediaferry/console/templates");

    @Test
    void fillsInNothingThatIsNotEscaped() {
        assertThat(found("\\?no_esc|<#noautoesc|<#outputformat|\\?interpret|\\?eval|\\?new|<#ftl"))
                .isEmpty();
    }

    @Test
    void hasNoScriptsOrStylesInPages() {
        assertThat(found("<script(?![^>]*"
                        + " src=\"\\$\\{assets)|<style|\\sstyle=|\\son[a-z]+=|javascript:|hx-on|hx-vals=.js"))
                .isEmpty();
    }

    @Test
    void putsWhatItFillsIntoAttributesInQuotes() {
        assertThat(found("\\s[a-z-]+\\s*=\\s*\\$\\{")).isEmpty();
    }

    /** Data may be a part of a query, never an address. */
    @Test
    void leadsOnlyToItsOwnPages() {
        assertThat(found("(?:href|src|action|hx-get|hx-post)=\"(?!/console/|#|\\$\\{assets|\\$\\{entry\\[2]}|\")"))
                .isEmpty();
    }

    private static Map<String, String> found(String pattern) {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(TEMPLATES)) {
            files.forEach(file -> {
                try {
                    Pattern.compile(pattern)
                            .matcher(Files.readString(file))
                            .results()
                            .forEach(match -> found.put(file.getFileName().toString(), match.group()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
