package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mediaferry.fixture.Sandbox;
import dev.mediaferry.fixture.SmallStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bucket setup} and {@code bucket check} do to a bucket, and what they say of it. */
@Tag("slow")
class BucketCommandTest {

    private static final String OTHERS =
            """
            <LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ID>theirs</ID>\
            <Filter><Prefix>logs/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>30</Days></Expiration></Rule>\
            </LifecycleConfiguration>""";

    @RegisterExtension
    static final Sandbox SANDBOX = new Sandbox();

    @RegisterExtension
    final CapturedOutput output = new CapturedOutput();

    @TempDir
    private Path directory;

    private SmallStore store;

    @BeforeEach
    void start() throws IOException {
        store = new SmallStore();
    }

    @AfterEach
    void stop() {
        store.close();
    }

    @Test
    void createsABucketAndSetsEverythingThatIsAskedFor() throws Exception {
        Map<String, String> outcomes =
                setup(0, "--versioning", "--glacier-after", "90d", "--cors", "https://app.example.com");
        assertThat(outcomes)
                .containsEntry("bucket", "created")
                .containsEntry("versioning", "set")
                .containsEntry("lifecycle", "set")
                .containsEntry("cors", "set")
                .containsEntry("probe", "present");
        assertThat(store.body("/media?lifecycle"))
                .contains("<ID>mediaferry-abort-multipart</ID>", "<DaysAfterInitiation>7<", "<Days>90<", "GLACIER");
        assertThat(store.body("/media?cors")).contains("<AllowedOrigin>https://app.example.com<", "PUT");
        assertThat(store.resources()).noneMatch(resource -> resource.startsWith("/media/"));
    }

    @Test
    void changesNothingTheSecondTime() throws Exception {
        String[] wishes = {"--versioning", "--glacier-after", "90d", "--cors", "https://app.example.com"};
        setup(0, wishes);
        int before = store.requests().size();
        assertThat(setup(0, wishes)).containsOnlyKeys("bucket", "versioning", "lifecycle", "cors", "probe");
        assertThat(store.requests().subList(before, store.requests().size()))
                .filteredOn(request -> request.startsWith("PUT ") && !request.contains("probe"))
                .isEmpty();
        assertThat(check(0).values()).containsOnly("present");
    }

    @Test
    void keepsTheRulesOfOthers() throws Exception {
        store.put("/media", "");
        store.put("/media?lifecycle", OTHERS);
        assertThat(setup(0)).containsEntry("bucket", "present").containsEntry("lifecycle", "set");
        assertThat(store.body("/media?lifecycle")).contains("<ID>theirs<", "logs/", "<Days>30<", "mediaferry-abort");
    }

    @Test
    void writesItsRulesInTheOldFormBesideThoseOfTheOldForm() throws Exception {
        store.put("/media", "");
        store.put("/media?lifecycle", OTHERS.replace("<Filter>", "").replace("</Filter>", ""));
        assertThat(setup(0)).containsEntry("lifecycle", "set");
        assertThat(store.body("/media?lifecycle")).contains("<ID>theirs<").doesNotContain("<Filter>");
        assertThat(setup(0)).containsEntry("lifecycle", "present");
    }

    @Test
    void isContentWithARuleOfOthersThatAbortsEverywhere() throws Exception {
        store.put("/media", "");
        store.put(
                "/media?lifecycle",
                OTHERS.replace("logs/", "")
                        .replace(
                                "<Expiration><Days>30</Days></Expiration>",
                                "<AbortIncompleteMultipartUpload>"
                                        + "<DaysAfterInitiation>3</DaysAfterInitiation></AbortIncompleteMultipartUpload>"));
        assertThat(setup(0)).containsEntry("lifecycle", "present");
        assertThat(store.body("/media?lifecycle")).doesNotContain("mediaferry");
    }

    @Test
    void keepsTheOriginsOfOthers() throws Exception {
        store.put("/media", "");
        store.put(
                "/media?cors",
                "<CORSConfiguration><CORSRule><AllowedOrigin>https://theirs.example</AllowedOrigin>"
                        + "<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>");
        assertThat(setup(0, "--cors", "https://a.example")).containsEntry("cors", "set");
        assertThat(setup(0, "--cors", "https://b.example")).containsEntry("cors", "set");
        assertThat(store.body("/media?cors"))
                .contains("https://theirs.example", "https://b.example")
                .doesNotContain("https://a.example");
    }

    @Test
    void tellsWhatTheStoreDoesNotOfferFromFailures() throws Exception {
        store.refuse(request -> request.contains("?versioning") ? 501 : request.contains("?cors") ? 403 : 0);
        store.forget("/media?lifecycle");
        assertThat(setup(1, "--versioning", "--cors", "*"))
                .containsEntry("versioning", "not-offered")
                .containsEntry("lifecycle", "not-offered")
                .containsEntry("cors", "failed")
                .containsEntry("probe", "present");
    }

    /** Adobe's S3Mock, for one, answers so. */
    @Test
    void doesNotCallItFailedWhenTheStoreTakesAPropertyForANewBucket() throws Exception {
        store.refuse(request -> request.startsWith("PUT /media?") ? 409 : 0);
        assertThat(setup(0, "--versioning", "--cors", "*"))
                .containsEntry("versioning", "not-offered")
                .containsEntry("lifecycle", "not-offered")
                .containsEntry("cors", "not-offered");
    }

    @Test
    void saysWhatTheEmbeddedServerDoesNotOffer() throws Exception {
        String[] settings = {"storage.bucket", "made-by-setup"};
        assertThat(outcomes(0, List.of("bucket", "setup", "--versioning", "--cors", "*"), settings))
                .containsEntry("bucket", "created")
                .containsEntry("versioning", "not-offered")
                .containsEntry("lifecycle", "not-offered")
                .containsEntry("cors", "not-offered")
                .containsEntry("probe", "present");
        assertThat(outcomes(0, List.of("bucket", "check"), settings)).containsEntry("bucket", "present");
    }

    @Test
    void allowsThePagesThatMayCallTheApi() throws Exception {
        List<String> settings = new ArrayList<>(store.settings("media"));
        settings.addAll(List.of("api.cors-origins", "https://app.example.com, http://localhost:3000"));
        String[] all = settings.toArray(String[]::new);
        assertThat(outcomes(0, List.of("bucket", "setup", "--cors"), all)).containsEntry("cors", "set");
        assertThat(store.body("/media?cors"))
                .contains("https://app.example.com", "http://localhost:3000", "<AllowedMethod>POST<", "ETag");
        assertThat(run(
                        List.of("bucket", "setup", "--cors"),
                        store.settings("media").toArray(String[]::new)))
                .as("none are configured")
                .isEqualTo(2);
        assertThat(output.err()).contains("mediaferry.api.cors-origins");
    }

    @Test
    void provesByAPreflightThatPagesCanUpload() throws Exception {
        String[] origin = {"api.cors-origins", "https://app.example.com"};
        assertThat(outcomes(0, List.of("bucket", "check"), origin)).containsEntry("preflight", "present");
        List<String> settings = new ArrayList<>(store.settings("media"));
        settings.addAll(List.of(origin));
        setup(0);
        assertThat(outcomes(1, List.of("bucket", "check"), settings.toArray(String[]::new)))
                .containsEntry("preflight", "failed");
        assertThat(output.out()).contains("does not let pages of https://app.example.com send PUT");
        assertThat(outcomes(
                        1,
                        List.of("bucket", "check"),
                        "api.cors-origins",
                        "https://app.example.com",
                        "upload.endpoint",
                        "http://127.0.0.1:1"))
                .as("asked where browsers reach it")
                .containsEntry("preflight", "failed");
    }

    @Test
    void setsUpTheBucketsOfTheRegistryByName() throws Exception {
        String registry = "buckets: [{ name: archive, bucket: cold-archive }]\n" + Sandbox.REGISTRY;
        String[] settings = store.settings("media").toArray(String[]::new);
        List<String> line = new ArrayList<>(List.of("bucket", "setup", "archive"));
        line.addAll(SANDBOX.options(directory, registry, settings));
        assertThat(MediaferryCommand.execute(line.toArray(String[]::new)))
                .as(output.err())
                .isZero();
        assertThat(store.resources()).contains("/cold-archive?lifecycle").noneMatch(made -> made.startsWith("/media"));
        line.set(2, "archiv");
        assertThat(MediaferryCommand.execute(line.toArray(String[]::new))).isEqualTo(2);
        assertThat(output.err()).contains("did you mean archive?");
    }

    @Test
    void checkingDoesNotCreate() throws Exception {
        assertThat(run(List.of("bucket", "check"), "storage.bucket", "nobody-made-it"))
                .isEqualTo(2);
        assertThat(output.err()).contains("has no bucket 'nobody-made-it'", "mediaferry bucket setup");
    }

    @Test
    void failsWhenTheProbeDoes() throws Exception {
        store.put("/media", "");
        store.refuse(request -> request.startsWith("PUT /media/") ? 403 : 0);
        assertThat(check(1)).containsEntry("probe", "failed");
    }

    @Test
    void refusesWhatIsNoWish() throws Exception {
        assertThat(run(List.of("bucket", "setup", "--glacier-after", "90"), new String[0]))
                .isEqualTo(2);
        assertThat(output.err()).contains("90d");
        assertThat(run(List.of("bucket", "setup", "--glacier-after", "0d"), new String[0]))
                .isEqualTo(2);
        assertThat(run(List.of("bucket", "setup", "--cors", "app.example.com/x"), new String[0]))
                .isEqualTo(2);
        assertThat(run(List.of("bucket"), new String[0])).isEqualTo(2);
    }

    @Test
    void saysWhenNobodyAnswers() throws Exception {
        assertThat(run(List.of("bucket", "check"), "storage.endpoint", "http://127.0.0.1:1"))
                .isEqualTo(3);
    }

    private Map<String, String> setup(int exitCode, String... wishes) throws Exception {
        List<String> line = new ArrayList<>(List.of("bucket", "setup"));
        line.addAll(List.of(wishes));
        return outcomes(exitCode, line, store.settings("media").toArray(String[]::new));
    }

    private Map<String, String> check(int exitCode) throws Exception {
        return outcomes(
                exitCode, List.of("bucket", "check"), store.settings("media").toArray(String[]::new));
    }

    private Map<String, String> outcomes(int exitCode, List<String> command, String... settings) throws Exception {
        List<String> line = new ArrayList<>(command);
        line.add("--json");
        assertThat(run(line, settings)).as(output.err() + output.out()).isEqualTo(exitCode);
        Map<String, String> outcomes = new TreeMap<>();
        JsonNode report = new ObjectMapper().readTree(output.out());
        report.path("buckets")
                .path(0)
                .path("steps")
                .forEach(step -> outcomes.put(
                        step.path("what").asText(), step.path("outcome").asText()));
        return outcomes;
    }

    private int run(List<String> command, String... settings) throws IOException {
        output.reset();
        List<String> line = new ArrayList<>(command);
        if (command.size() > 1) {
            line.addAll(SANDBOX.options(directory, Sandbox.REGISTRY, settings));
        }
        return MediaferryCommand.execute(line.toArray(String[]::new));
    }
}
