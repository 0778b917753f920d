package dev.mediaferry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.format.Compression;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The imports of a registry, as they are read and refused. */
class ImportsTest {

    private static final String IMPORT =
            """
            imports:
              - name: shops
                maps:
                  shops: { file: shops.csv, from: old, to: new }
                categories:
                  - name: pictures
                    path: "shops/{shop}/{name}"
                    skip: [{ part: name, values: [1, a], reason: nobody wants it }]
                    ids: { newShop: { map: shops, of: shop } }
                    folder: pictures
                    key: "{newShop}/{name}.{ext}"
                    record:
                      table: app.picture
                      columns: { url: "{url}", kind: 3, first: "first of {shop}", owner: { query: "select 1" }, none: null }
            """;

    @Test
    void readsTheDocumentedExample() {
        Registry registry = RegistryFile.read(Path.of("docs", "examples", "import.yaml"));
        assertThat(registry.fields()).isEmpty();
        assertThat(registry.names())
                .containsExactly("salon-backup/chats", "salon-backup/profiles", "salon-backup/services");
        assertThat(registry.imports().get(0).maps().get("users").file())
                .isEqualTo(Path.of("docs", "examples", "user-map.json").toAbsolutePath());
    }

    @Test
    void readsACategory() {
        ImportCategory category = RegistryFile.parse("r.yaml", IMPORT)
                .imports()
                .get(0)
                .categories()
                .get(0);
        assertThat(category.name()).isEqualTo("shops/pictures");
        assertThat(category.maxBytes()).isEqualTo(15_000_000);
        assertThat(category.record().schema()).isEqualTo("app");
        assertThat(category.record().firstOf()).contains("shop");
        assertThat(category.skips().get(0).fits(Map.of("name", "1"))).isTrue();
        assertThat(category.skips().get(0).fits(Map.of("name", "2"))).isFalse();
    }

    @Test
    void namesEveryMistakeWithItsLineAndWhatWasMeant() {
        String wrong = IMPORT.replace("map: shops, of: shop", "map: shop, of: shops")
                .replace("{newShop}/{name}.{ext}", "{newShop}/{nam}.{ext}")
                .replace("part: name", "part: nme")
                .replace("{url}", "{ulr}")
                .replace("select 1", "select 1; drop table x");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> RegistryFile.parse("r.yaml", wrong))
                .satisfies(e -> assertThat(e.getMessage().lines())
                        .contains(
                                "r.yaml:8: the path has no part nme; did you mean name?",
                                "r.yaml:9: the import has no map shop; did you mean shops?",
                                "r.yaml:9: the path has no part shops; did you mean shop?",
                                "r.yaml:14: a record knows no ulr; did you mean url?")
                        .anyMatch(line -> line.startsWith("r.yaml:14: a query takes no ;")));
    }

    @Test
    void namesAnUnknownWordAndTheNearestOne() {
        String wrong = IMPORT.replace("folder:", "foldr:").replace("from: old", "form: old");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> RegistryFile.parse("r.yaml", wrong))
                .withMessageContaining("r.yaml:10: ")
                .withMessageContaining("did you mean folder?")
                .withMessageContaining("did you mean from?");
    }

    @Test
    void needsFolderKeyAndRecordUnlessAllIsSkipped() {
        String bare = "imports: [{ name: a, categories: [{ name: b, path: 'x/{y}' }] }]";
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> RegistryFile.parse("r.yaml", bare))
                .withMessageContaining("required property 'key' not found, unless all of it is skipped");
        String skipped = bare.replace("'x/{y}'", "'x/{y}', skip: [{ reason: old }]");
        assertThat(RegistryFile.parse("r.yaml", skipped)
                        .imports()
                        .get(0)
                        .categories()
                        .get(0)
                        .skipped())
                .isTrue();
    }

    @Test
    void compressesOnlyWhatAsksForIt() {
        assertThat(category(IMPORT).compression()).isEmpty();
        assertThat(with("compression: false").compression()).isEmpty();
        assertThat(with("compression: true").compression()).contains(Compression.DEFAULT);
        assertThat(with("compression: {}").compression()).contains(Compression.DEFAULT);
        assertThat(with("compression: { jpg: 70, png: false, webp: false, tiff: true, min-saving: 10 }")
                        .compression())
                .contains(new Compression(70, false, 0, 85, Compression.DEFAULT.maxPixels(), 10));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "compression: { jgp: 85 } | r.yaml:11: | did you mean jpg?",
                "compression: { minSaving: 5 } | r.yaml:11: | did you mean min-saving?",
                "compression: { jpg: 101 } | r.yaml:11: | must have a maximum value of 100",
                "compression: { min-saving: 100 } | r.yaml:11: | must have a maximum value of 99",
                "compression: { png: 9 } | r.yaml:11: | boolean expected",
                "compression: high | r.yaml:11: | [boolean, object] expected",
                "compresion: true | r.yaml:11: | did you mean compression?",
                "bucket: cold | r.yaml:11: there is no bucket cold; name it under buckets: | ",
            })
    void namesWhatIsWrongWithACategory(String line, String place, String text) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> with(line))
                .withMessageStartingWith(place)
                .withMessageContaining(text == null ? "" : text);
    }

    @Test
    void compressesOnlyImages() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> with("compression: true\n        types: [video]"))
                .withMessage("r.yaml:11: only images are compressed, and types has none");
    }

    @Test
    void saysThatOnlyImportsCompress() {
        for (String other : List.of(
                "fields: [{ table: Photo, column: url, folder: photos, compression: true }]",
                "archives: [{ name: posts, table: post_media, dir: cache, compression: true }]")) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> RegistryFile.parse("r.yaml", other))
                    .withMessageContaining("r.yaml:1: ")
                    .withMessageContaining("'compression'")
                    .withMessageEndingWith("; only categories of imports are compressed");
        }
    }

    @Test
    void namesTheBucketOfACategory() {
        assertThat(category(IMPORT).bucket()).isEmpty();
        String text = "buckets: [{ name: media, bucket: app-media }]\n"
                + IMPORT.replace("folder: pictures", "folder: pictures\n        bucket: media");
        assertThat(category(text).bucket()).contains("media");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> category(text.replace("bucket: media", "bucket: medium")))
                .withMessage("r.yaml:12: there is no bucket medium; did you mean media?");
    }

    private static ImportCategory with(String line) {
        return category(IMPORT.replace("folder: pictures", "folder: pictures\n        " + line));
    }

    private static ImportCategory category(String text) {
        return RegistryFile.parse("r.yaml", text).imports().get(0).categories().get(0);
    }

    @Test
    void takesPathsApart() {
        PathPattern pattern = PathPattern.of("a/{x}-{y}/{z}.jpg");
        assertThat(pattern.match("a/1-2/b.c.jpg")).contains(Map.of("x", "1", "y", "2", "z", "b.c"));
        for (String other : List.of("a/1-2/b.png", "a/1-2/b/c.jpg", "a/1-2/.jpg", "b/1-2/c.jpg", "a/1-2/b.jpg/")) {
            assertThat(pattern.match(other)).as(other).isEmpty();
        }
    }

    @Test
    void refusesPathsThatTellNothingApart() {
        for (String path : List.of("{a}{b}", "/a/{b}", "{a}/", "../{a}", "a/{b}/{b}", "{a b}", "{", "{}")) {
            assertThatIllegalArgumentException()
                    .as(path)
                    .isThrownBy(() -> PathPattern.of(path))
                    .withMessageStartingWith("'" + path + "' ");
        }
    }
}
