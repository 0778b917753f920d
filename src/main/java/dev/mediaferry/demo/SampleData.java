package dev.mediaferry.demo;

import dev.mediaferry.run.RunReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The tables of the demo, with rows in every state, and what a run is expected to make of them.
 *
 * @param rows in all tables together
 * @param expected outcome to number of rows: migrated, the reasons for skipping, the kinds of dead letters
 * @param examples rows worth showing before and after
 */
record SampleData(int rows, Map<String, Long> expected, List<Example> examples) {

    /** The states need that many rows. */
    static final int MIN_ROWS = 20;

    /** @param select one row's value, by its id as text */
    record Example(String field, String id, String select, String before) {}

    private record Place(String table, String column, String nameColumn) {

        String field() {
            return table + "." + column;
        }

        String insert() {
            return "insert into \"" + table + "\" (id, " + nameColumn + ", \"" + column + "\") values (" + idParameter()
                    + ", ?, ?)";
        }

        String select() {
            return "select \"" + column + "\" from \"" + table + "\" where id = " + idParameter();
        }

        String idParameter() {
            return switch (table) {
                case "Comment" -> "?::bigint";
                case "CommentAnalysis" -> "?::uuid";
                default -> "?";
            };
        }

        String id(int number) {
            return switch (table) {
                case "Comment" -> Integer.toString(number);
                case "CommentAnalysis" -> new UUID(0x4d656469616665L, number).toString();
                default -> "c" + String.format("%011d", number);
            };
        }
    }

    private static final List<Place> PLACES = List.of(
            new Place("LinkedInProfile", "profilePic", "name"),
            new Place("LinkedInProfile", "profilePictureUrl", "name"),
            new Place("LinkedInProfile", "coverPictureUrl", "name"),
            new Place("Comment", "authorAvatarUrl", "author"),
            new Place("CommentAnalysis", "avatarUrl", "author"),
            new Place("TargetProfile", "photoUrl", "name"));

    /** A value of a column, and what becomes of it. */
    private record Sample(String value, String outcome, boolean shown) {}

    /**
     * Creates the tables and fills them.
     *
     * @param cdn {@code host:port} of the sample CDN
     * @param publicUrl of the bucket
     */
    static SampleData create(JdbcTemplate database, String cdn, String publicUrl, int rows) {
        database.execute(Samples.text("schema.sql"));
        List<Sample> samples = special(cdn, publicUrl);
        String[] extensions = {"jpg", "jpg", "png", "gif"};
        for (int i = samples.size(); i < rows; i++) {
            samples.add(new Sample(
                    link(cdn, SampleCdn.GOOD, i + "." + extensions[i % extensions.length], Duration.ofDays(i % 28 + 1)),
                    "migrated",
                    false));
        }
        Map<String, Long> expected = new TreeMap<>();
        List<Example> examples = new ArrayList<>();
        Map<Place, List<Object[]>> inserts = new HashMap<>();
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            Place place = PLACES.get(i % PLACES.size());
            String id = place.id(i);
            inserts.computeIfAbsent(place, key -> new ArrayList<>())
                    .add(new Object[] {id, "Person " + i, sample.value()});
            expected.merge(sample.outcome(), 1L, Long::sum);
            if (sample.shown()) {
                examples.add(new Example(place.field(), id, place.select(), sample.value()));
            }
        }
        inserts.forEach((place, values) -> database.batchUpdate(place.insert(), values));
        // A row of one table fills one of its columns; the other columns of that row are empty.
        long profiles = inserts.entrySet().stream()
                .filter(entry -> entry.getKey().table().equals("LinkedInProfile"))
                .mapToLong(entry -> entry.getValue().size())
                .sum();
        expected.merge("empty", 2 * profiles, Long::sum);
        return new SampleData(samples.size(), expected, examples);
    }

    /** @return what differs from the plan, in words; empty when nothing does */
    List<String> differences(RunReport report) {
        Map<String, Long> actual = new TreeMap<>(report.dead());
        actual.put("migrated", report.migrated());
        actual.put("superseded", report.superseded());
        actual.put("waiting", report.waiting());
        actual.putAll(report.skipped());
        List<String> differences = new ArrayList<>();
        Map<String, Long> all = new TreeMap<>(expected);
        actual.forEach(all::putIfAbsent);
        for (String outcome : all.keySet()) {
            long planned = expected.getOrDefault(outcome, 0L);
            long got = actual.getOrDefault(outcome, 0L);
            if (planned != got) {
                differences.add(outcome + ": " + got + " instead of " + planned);
            }
        }
        return differences;
    }

    private static List<Sample> special(String cdn, String publicUrl) {
        Duration week = Duration.ofDays(7);
        return new ArrayList<>(List.of(
                new Sample(link(cdn, SampleCdn.GOOD, "ada.jpg", week), "migrated", true),
                new Sample(link(cdn, SampleCdn.GOOD, "grace.png", week), "migrated", true),
                new Sample(link(cdn, SampleCdn.GOOD, "linus.webp", week), "migrated", true),
                new Sample(link(cdn, SampleCdn.GOOD, "margaret.gif", week), "migrated", false),
                new Sample("http://" + cdn + "/dms/forever.jpg?e=2147483647&v=beta&t=aGk", "migrated", false),
                new Sample(link(cdn, SampleCdn.BUSY, "busy.jpg", week), "migrated", false),
                new Sample(link(cdn, SampleCdn.FLAKY, "flaky.jpg", week), "migrated", false),
                new Sample(link(cdn, SampleCdn.SLOW, "slow.jpg", week), "migrated", false),
                new Sample(link(cdn, SampleCdn.GONE, "gone.jpg", week), "gone", true),
                new Sample(link(cdn, SampleCdn.FORBIDDEN, "refused.jpg", week), "forbidden", false),
                new Sample(link(cdn, SampleCdn.GOOD, "expired.jpg", Duration.ofDays(-3)), "expired", true),
                new Sample(link(cdn, SampleCdn.PAGE, "login.jpg", week), "not-media", false),
                new Sample(null, "empty", false),
                new Sample("", "empty", false),
                new Sample(publicUrl + "/profile-avatars/c1/1700000000000-abcdefgh.jpg", "ours", false),
                new Sample("https://example.com/somebody-elses/picture.jpg", "foreign", true),
                new Sample("https://evil.example/?127.0.0.1", "foreign", false),
                new Sample("not a link, 127.0.0.1", "invalid", false)));
    }

    /** Signed the way LinkedIn signs. */
    private static String link(String cdn, String behaviour, String picture, Duration life) {
        return "http://" + cdn + "/" + behaviour + "/image/" + picture + "?e="
                + Instant.now().plus(life).getEpochSecond() + "&v=beta&t=c2lnbmF0dXJl";
    }
}
