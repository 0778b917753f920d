package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mediaferry.entry.ReferenceTable;
import dev.mediaferry.fixture.OrmClient;
import dev.mediaferry.fixture.OrmClient.Meant;
import dev.mediaferry.fixture.OrmClient.Model;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SeedTables;
import dev.mediaferry.reference.ReferenceWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The examples of the documentation, from the files that it shows, while applications of before and after write: there, back, and
 * there again. Afterwards every row holds on both sides what was last meant.
 */
@Tag("slow")
class ReferenceExamplesTest {

    private static final Path EXAMPLES = Path.of("docs", "examples", "references");
    private static final int STORAGE = 500;
    private static final Map<String, String> ACCEPTED =
            Map.of("soak", "a test", "readers-unseen", "a test", "old-writes", "a test");

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox("storage.public-url", SeedTables.PUBLIC);

    /** An application of before, one of after, and what rows of their table are meant to hold. */
    private record Example(Model before, Model after, Map<String, Meant> truth) {}

    private final Map<String, Example> examples = new LinkedHashMap<>();
    private final List<OrmClient> clients = new ArrayList<>();

    @BeforeEach
    void create() throws IOException {
        SANDBOX.engine();
        SeedTables.create(SANDBOX, 1, 100);
        SANDBOX.execute("drop table posts, \"user\", \"CommentAnalysis\", \"LinkedInPostPreview\", storage");
        SANDBOX.execute(Files.readString(EXAMPLES.resolve("tables.sql"))
                .replaceAll("(?m)^--.*", "")
                .split(";\\s*\\n"));
        SANDBOX.execute("insert into storage select 's' || n, 'k' || n || '.jpg', 'org' || n % "
                + OrmClient.ORGANISATIONS + " from generate_series(0, " + STORAGE + ") n");
        lookup("post-image", "posts", "content", "image_key", List.of("like_count", "created_at"), true);
        lookup("user-image", "user", "name", "image", List.of("created_at"), false);
        merge();
        rename();
    }

    @AfterEach
    void leaveNothing() throws InterruptedException {
        stop(clients);
        SeedTables.create(SANDBOX, 1, 100);
    }

    @Test
    void goesThereAndBackAndThereAgainWhileApplicationsOfBeforeAndAfterWrite() throws Exception {
        String registry = Files.readString(EXAMPLES.resolve("registry.yaml"))
                .replace(
                        "feed.sql",
                        EXAMPLES.resolve("feed.sql").toAbsolutePath().toString());
        ReferenceWork work = SANDBOX.engine(registry).references();
        List<OrmClient> before = start(Example::before);
        writeMore(before);
        for (String name : examples.keySet()) {
            assertThat(work.expand(name).state()).isEqualTo("expanded");
            assertThat(fill(work, name)).isEqualTo("filled");
        }
        List<OrmClient> after = start(Example::after);
        writeMore(before, after);
        stop(before);
        retire(work);
        writeMore(after);
        check(after, true);

        for (String name : examples.keySet()) {
            assertThat(work.revert(name, false).state()).as(name).isEqualTo("filled");
        }
        List<OrmClient> again = start(Example::before);
        writeMore(again, after);
        stop(again);
        check(again, false);
        retire(work);
        writeMore(after);
        stop(after);
        check(after, true);
        assertThat(before).flatExtracting(OrmClient::errors).isEmpty();

        for (String name : examples.keySet()) {
            assertThat(work.revert(name, true).state()).as(name).isEqualTo("planned");
        }
        examples.forEach((name, example) -> assertThat(
                        differences(example, example.before().media(), Meant::old))
                .as(name + " at the end")
                .isEmpty());
    }

    private String fill(ReferenceWork work, String name) {
        return work.backfill(name, OptionalLong.empty(), OptionalInt.of(100)).state();
    }

    private void retire(ReferenceWork work) {
        for (String name : examples.keySet()) {
            assertThat(work.verify(name, false).findings()).as(name).isEmpty();
            assertThat(work.contract(name, ACCEPTED).refused()).as(name).isEmpty();
        }
    }

    private List<OrmClient> start(Function<Example, Model> version) {
        List<OrmClient> started = examples.values().stream()
                .map(example -> OrmClient.start(SANDBOX, version.apply(example), example.truth()))
                .toList();
        clients.addAll(started);
        return started;
    }

    @SafeVarargs
    private static void writeMore(List<OrmClient>... running) {
        for (List<OrmClient> some : running) {
            for (OrmClient client : some) {
                long written = client.writes();
                Awaitility.await()
                        .until(() -> client.writes() > written + 250
                                || !client.errors().isEmpty());
            }
        }
    }

    private static void stop(List<OrmClient> running) throws InterruptedException {
        for (OrmClient client : running) {
            client.close();
        }
    }

    /** No statement was refused, and what stands in the database is what was meant. */
    private void check(List<OrmClient> running, boolean retired) {
        assertThat(running).flatExtracting(OrmClient::errors).isEmpty();
        examples.forEach((name, example) -> {
            List<String> old = example.before().media();
            assertThat(differences(
                            example,
                            retired ? old.stream().map(ReferenceTable::retired).toList() : old,
                            Meant::old))
                    .as(name + ", old side")
                    .isEmpty();
            assertThat(differences(example, example.after().media(), Meant::fresh))
                    .as(name + ", new side")
                    .isEmpty();
        });
    }

    /** Looks at each row while nobody writes it. */
    private static List<String> differences(Example example, List<String> columns, Function<Meant, List<String>> side) {
        List<String> wrong = new ArrayList<>();
        String names = columns.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
        String query = "select " + names + " from \"" + example.after().table() + "\" where id = ?";
        try (Connection connection = SANDBOX.connect();
                PreparedStatement statement = connection.prepareStatement(query)) {
            for (String id : example.truth().keySet()) {
                example.truth().computeIfPresent(id, (key, meant) -> {
                    List<String> found = row(statement, key, columns.size());
                    if (!found.equals(side.apply(meant))) {
                        wrong.add(key + ": " + found + " instead of " + side.apply(meant));
                    }
                    return meant;
                });
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return wrong;
    }

    private static List<String> row(PreparedStatement statement, String id, int columns) {
        try {
            statement.setString(1, id);
            List<String> values = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                for (int i = 1; i <= columns; i++) {
                    values.add(row.getString(i));
                }
            }
            return values;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** @param forms true where blanks and our address are taken off */
    private void lookup(String name, String table, String text, String old, List<String> defaulted, boolean forms) {
        List<String> given = List.of(text, "organization_id");
        Model before = new Model(
                table,
                given,
                defaulted,
                List.of(old),
                (random, n) -> Collections.singletonList(key(random, n)),
                (n, values) -> new Meant(values, Collections.singletonList(idOf(values.get(0), n, forms))));
        Model after = new Model(
                table,
                given,
                defaulted,
                List.of("image_id"),
                (random, n) -> Collections.singletonList(random.nextInt(10) == 0 ? null : "s" + storage(random, n)),
                (n, values) -> new Meant(
                        Collections.singletonList(
                                values.get(0) == null ? null : values.get(0).replace('s', 'k') + ".jpg"),
                        values));
        examples.put(name, new Example(before, after, OrmClient.truth()));
    }

    private static int storage(Random random, int n) {
        return n % OrmClient.ORGANISATIONS
                + OrmClient.ORGANISATIONS * random.nextInt(STORAGE / OrmClient.ORGANISATIONS);
    }

    private static String key(Random random, int n) {
        String key = "k" + storage(random, n) + ".jpg";
        return switch (random.nextInt(12)) {
            case 0 -> null;
            case 1 -> " " + key + "\n";
            case 2 -> SeedTables.PUBLIC + "/" + key + "?v=2";
            case 3 -> "k" + storage(random, n + 1) + ".jpg";
            case 4 -> "https://lh3.example.test/a/" + n;
            default -> key;
        };
    }

    private static String idOf(String value, int n, boolean forms) {
        if (value == null) {
            return null;
        }
        String key = forms ? value.strip().replace(SeedTables.PUBLIC + "/", "").replace("?v=2", "") : value;
        if (!key.matches("k[0-9]+[.]jpg")) {
            return null;
        }
        int storage = Integer.parseInt(key.substring(1, key.indexOf('.')));
        return storage % OrmClient.ORGANISATIONS == n % OrmClient.ORGANISATIONS ? "s" + storage : null;
    }

    private void merge() {
        String ours = SeedTables.PUBLIC + "/";
        Model before = new Model(
                "CommentAnalysis",
                List.of("commentText"),
                List.of("createdAt"),
                List.of("avatarS3Url", "avatarS3Key"),
                (random, n) -> {
                    String key = "avatars/" + random.nextInt(9) + ".jpg";
                    return switch (random.nextInt(5)) {
                        case 0 -> Arrays.asList("", key);
                        case 1 -> Arrays.asList(null, key);
                        case 2 -> Arrays.asList("https://media.licdn.example.test/" + n, null);
                        case 3 -> Arrays.asList(null, null);
                        default -> Arrays.asList(ours + key, key);
                    };
                },
                (n, values) -> {
                    String link = values.get(0) == null || values.get(0).isEmpty() ? null : values.get(0);
                    String key = values.get(1) == null ? null : ours + values.get(1);
                    return new Meant(values, Collections.singletonList(link == null ? key : link));
                });
        Model after = new Model(
                "CommentAnalysis",
                List.of("commentText"),
                List.of("createdAt"),
                List.of("avatarUrl"),
                (random, n) -> Collections.singletonList(
                        switch (random.nextInt(4)) {
                            case 0 -> null;
                            case 1 -> "https://media.licdn.example.test/" + random.nextInt(9);
                            default -> ours + "avatars/" + random.nextInt(9) + ".png";
                        }),
                (n, values) -> {
                    String link = values.get(0);
                    boolean key = link != null && link.startsWith(ours);
                    return new Meant(Arrays.asList(link, key ? link.substring(ours.length()) : null), values);
                });
        examples.put("comment-avatar", new Example(before, after, OrmClient.truth()));
    }

    private void rename() {
        BiFunction<Random, Integer, List<String>> values = (random, n) -> {
            String key = "previews/" + random.nextInt(9) + ".jpg";
            return random.nextInt(4) == 0 ? Arrays.asList(key, null) : List.of(key, SeedTables.PUBLIC + "/" + key);
        };
        Map<Boolean, Model> models = new LinkedHashMap<>();
        for (boolean old : List.of(true, false)) {
            models.put(
                    old,
                    new Model(
                            "LinkedInPostPreview",
                            List.of("title"),
                            List.of("createdAt"),
                            old ? List.of("s3Key", "s3Url") : List.of("imageKey", "imageUrl"),
                            values,
                            (n, both) -> old
                                    ? new Meant(both, new ArrayList<>(both))
                                    : new Meant(new ArrayList<>(both), both)));
        }
        examples.put("preview", new Example(models.get(true), models.get(false), OrmClient.truth()));
    }
}
