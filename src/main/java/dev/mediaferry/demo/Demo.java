package dev.mediaferry.demo;

import dev.mediaferry.embedded.EmbeddedServers;
import dev.mediaferry.engine.Capability;
import dev.mediaferry.engine.Engine;
import dev.mediaferry.engine.Services;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.registry.Registry;
import dev.mediaferry.registry.RegistryFile;
import dev.mediaferry.run.RunOptions;
import dev.mediaferry.run.RunReport;
import dev.mediaferry.settings.Settings;
import dev.mediaferry.video.VideoSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;

/** The main job on embedded servers and sample data, in a home directory of its own that is made anew each time. */
public final class Demo implements AutoCloseable {

    private static final int USUAL_PORT = 8077;

    private final Path home;
    private final SampleCdn cdn;
    private final SampleData data;
    private final Engine engine;
    private final Optional<UploadPage> page;

    /** One row's value before the run and after it. */
    public record BeforeAndAfter(String field, String id, String before, String after) {}

    private Demo(Path home, SampleCdn cdn, SampleData data, Engine engine, Optional<UploadPage> page) {
        this.home = home;
        this.cdn = cdn;
        this.data = data;
        this.engine = engine;
        this.page = page;
    }

    /**
     * Starts the servers and fills the tables.
     *
     * @param given the user's settings, of which only those count that do not lead to a database or a store
     * @param rows at least {@link SampleData#MIN_ROWS}
     * @param stays true for one that stays up after its run: it takes uploads from a page, and has the console
     */
    public static Demo start(Settings given, Path routes, int rows, boolean stays) {
        if (rows < SampleData.MIN_ROWS) {
            throw new ConfigurationException(
                    "--rows must be at least " + SampleData.MIN_ROWS + ": the demo shows rows in every state");
        }
        Path base = given.path("home");
        Path home = base.resolve("demo");
        if (!EmbeddedServers.clear(home)) {
            throw new ConfigurationException("a demo is running in " + home + " already; stop it first");
        }
        SampleCdn cdn = new SampleCdn();
        Settings settings = usual(
                        given,
                        "api.",
                        "auth.",
                        "upload.",
                        "webhook.",
                        "scan.",
                        "cdn.",
                        "server.",
                        "console.",
                        "import.")
                .without("mediaferry.database.url")
                .without("mediaferry.database.user")
                .without("mediaferry.database.password")
                .without("mediaferry.storage.endpoint")
                .without("mediaferry.storage.region")
                .without("mediaferry.storage.bucket")
                .without("mediaferry.storage.access-key")
                .without("mediaferry.storage.secret-key")
                .without("mediaferry.storage.path-style")
                .without("mediaferry.storage.public-url")
                .without("mediaferry.storage.acl")
                .with(Map.of(
                        "mediaferry.home",
                        home.toString(),
                        "mediaferry.fetch.delay-per-host",
                        "0",
                        // What waits there belongs to others.
                        "mediaferry.dispatch.endpoint",
                        Engine.DISPATCH_HERE,
                        "mediaferry.fetch.allow-private",
                        cdn.authority(),
                        "mediaferry.schedule",
                        "off",
                        "mediaferry.server.port",
                        Integer.toString(UploadPage.port(USUAL_PORT))));
        Services services = null;
        UploadPage page = stays ? new UploadPage() : null;
        try {
            services = Services.open(
                    page == null ? settings : settings.with(page.settings()), base.resolve("postgres-bin"));
            SampleData data = SampleData.create(
                    new JdbcTemplate(services.database().pool()),
                    cdn.authority(),
                    services.storage().publicUrl().toString(),
                    rows);
            Engine engine =
                    Engine.start(services, registry(), routes, Set.of(stays ? Capability.SERVE : Capability.MIGRATE));
            if (page != null) {
                page.start(services.storage().endpoint().toString());
                SampleFilm.upload(page, VideoSettings.of(settings), home);
            }
            return new Demo(home, cdn, data, engine, Optional.ofNullable(page));
        } catch (RuntimeException e) {
            if (services != null) {
                services.close();
            }
            if (page != null) {
                page.close();
            }
            cdn.close();
            throw e;
        }
    }

    public Engine engine() {
        return engine;
    }

    public RunReport run() {
        return engine.migrate(RunOptions.ALL);
    }

    public Path home() {
        return home;
    }

    /** @return how the outcome differs from the planned one, in words; empty when it does not */
    public List<String> differences(RunReport report) {
        return data.differences(report);
    }

    public List<BeforeAndAfter> examples() {
        JdbcTemplate database = new JdbcTemplate(engine.services().database().pool());
        return data.examples().stream()
                .map(example -> new BeforeAndAfter(
                        example.field(),
                        example.id(),
                        example.before(),
                        database.queryForObject(example.select(), String.class, example.id())))
                .toList();
    }

    /** @return address of the page that uploads; empty where there is none */
    public Optional<String> uploadPage() {
        return page.map(UploadPage::address);
    }

    /** @return address of the console; empty where there is none */
    public Optional<String> console() {
        return page.map(any -> engine.console());
    }

    @Override
    public void close() {
        page.ifPresent(UploadPage::close);
        engine.close();
        cdn.close();
    }

    /** What the user has set for a service of theirs leads to others. */
    private static Settings usual(Settings given, String... groups) {
        Map<String, String> usual = Settings.load(null, Map.of(), Map.of()).all();
        Settings settings = given;
        for (String group : groups) {
            String prefix = "mediaferry." + group;
            settings = settings.without(prefix)
                    .with(usual.entrySet().stream()
                            .filter(entry -> entry.getKey().startsWith(prefix))
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        }
        return settings;
    }

    private static Registry registry() {
        return RegistryFile.parse("demo", Samples.text("registry.yaml"));
    }
}
