package dev.mediaferry.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.mediaferry.content.MediaKind;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.link.Authority;
import dev.mediaferry.link.Deadlines;
import dev.mediaferry.link.HostPatterns;
import dev.mediaferry.object.KeyTemplate;
import dev.mediaferry.settings.Names;
import dev.mediaferry.storage.NamedBucket;
import dev.mediaferry.storage.StorageSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Reads registry.yaml: checked against registry.schema.json, errors with the line and the nearest right name. */
public final class RegistryFile {

    private static final List<String> DEFAULT_HOSTS =
            List.of("media.licdn.com", "media-exp*.licdn.com", "static.licdn.com");

    private static CompletableFuture<JsonSchema> schema;

    private final String name;
    private final Path directory;
    private final YamlDocument document;
    private final List<String> problems = new ArrayList<>();
    private final List<String> bucketNames = new ArrayList<>();
    private final DerivationReader derivationReader;

    private RegistryFile(String name, Path directory, YamlDocument document) {
        this.name = name;
        this.directory = directory;
        this.document = document;
        this.derivationReader = new DerivationReader(document::line, this::problem);
    }

    /** @throws ConfigurationException naming every problem at once */
    public static Registry read(Path file) {
        try {
            return parse(file.toString(), file.toAbsolutePath().getParent(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new ConfigurationException("no registry at " + file + ": name one with --registry FILE");
        } catch (IOException e) {
            throw new ConfigurationException("cannot read the registry " + file + ": " + e.getMessage());
        }
    }

    /**
     * @param name of the text, for messages
     * @throws ConfigurationException naming every problem at once
     */
    public static Registry parse(String name, String text) {
        return parse(name, Path.of("").toAbsolutePath(), text);
    }

    /**
     * @param directory that the names of files in the text count from
     * @throws ConfigurationException naming every problem at once
     */
    public static Registry parse(String name, Path directory, String text) {
        try {
            return new RegistryFile(name, directory, YamlDocument.parse(text)).registry();
        } catch (YamlDocument.MalformedException e) {
            throw new ConfigurationException(name + ":" + e.line() + ": " + e.getMessage());
        }
    }

    private Registry registry() {
        JsonSchema schema = schema();
        for (ValidationMessage message : schema.validate(document.root())) {
            String pointer = message.getInstanceLocation().toString();
            problem(pointerOf(message, pointer), message.getError() + suggestion(schema, message, pointer));
        }
        if (document.root().isObject()
                && !document.root().has("fields")
                && !document.root().has("imports")
                && !document.root().has("archives")
                && !document.root().has("uploads")
                && !document.root().has("references")) {
            problem("", "required property 'fields' not found");
        }
        failOnProblems();
        HostPatterns hosts = hosts(document.root(), "", DEFAULT_HOSTS).orElseThrow();
        List<NamedBucket> buckets = buckets();
        List<Derivation> derivations = derivationReader.read(document.root().path("derivatives"));
        Deadlines deadlines = DeadlineReader.read(document.root().path("deadlines"), this::problem);
        List<Field> fields = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        int index = 0;
        for (JsonNode node : document.root().path("fields")) {
            String pointer = "/fields/" + index++;
            field(node, pointer, hosts, deadlines).ifPresent(field -> {
                Integer first = lines.putIfAbsent(field.name(), field.line());
                if (first != null) {
                    problem(pointer, field.name() + " stands in line " + first + " already");
                }
                fields.add(field);
            });
        }
        Surroundings around = new Surroundings(document::line, this::problem, this::bucket, derivationReader::named);
        List<Import> imports =
                new ImportReader(directory, around).read(document.root().path("imports"));
        List<Archive> archives = new ArchiveReader(around).read(document.root().path("archives"));
        List<UploadType> uploads = new UploadReader(around).read(document.root().path("uploads"));
        List<Reference> references =
                new ReferenceReader(directory, around).read(document.root().path("references"));
        Registry registry = new Registry(fields, buckets, imports, archives, uploads, references, derivations);
        AsMedia.check(registry, (line, text) -> problems.add(name + ":" + line + ": " + text));
        failOnProblems();
        return registry;
    }

    private Optional<Field> field(JsonNode node, String pointer, HostPatterns inherited, Deadlines deadlines) {
        String table = node.path("table").asText();
        int dot = table.indexOf('.');
        Optional<KeyTemplate> key = Optional.empty();
        try {
            key = Optional.ofNullable(node.path("key").textValue()).map(KeyTemplate::new);
        } catch (IllegalArgumentException e) {
            problem(pointer + "/key", "key " + e.getMessage());
        }
        Optional<HostPatterns> hosts = node.has("hosts") ? hosts(node, pointer, List.of()) : Optional.of(inherited);
        Optional<KeyTemplate> template = key;
        Optional<URI> resolve = resolve(node, pointer);
        return hosts.map(patterns -> new Field(
                document.line(pointer),
                dot < 0 ? null : table.substring(0, dot),
                table.substring(dot + 1),
                node.path("column").asText(),
                node.path("folder").asText(),
                node.path("id").asText("id"),
                node.path("batch").asInt(Field.DEFAULT_BATCH),
                patterns,
                template,
                resolve,
                bucket(node, pointer),
                types(node),
                deadlines,
                Optional.ofNullable(node.path("created").textValue()),
                AsMedia.of(node, document.line(pointer + "/media")),
                derivationReader.named(node, pointer)));
    }

    private List<NamedBucket> buckets() {
        List<NamedBucket> buckets = new ArrayList<>();
        for (JsonNode node : document.root().path("buckets")) {
            String pointer = "/buckets/" + bucketNames.size();
            String called = node.path("name").asText();
            String bucket = node.path("bucket").asText();
            String address = node.path("public-url").textValue();
            URI publicUrl = address == null ? null : webAddress(address);
            if (bucketNames.contains(called)) {
                problem(pointer + "/name", "there is a bucket " + called + " already");
            }
            if (!StorageSettings.isBucketName(bucket)) {
                problem(pointer + "/bucket", "'" + bucket + "' is no bucket name");
            }
            if (address != null && publicUrl == null) {
                problem(
                        pointer + "/public-url",
                        "public-url must be an http or https address, and is '" + address + "'");
            }
            bucketNames.add(called);
            buckets.add(new NamedBucket(document.line(pointer), called, bucket, Optional.ofNullable(publicUrl)));
        }
        return buckets;
    }

    private static URI webAddress(String text) {
        try {
            return StorageSettings.web(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private Optional<String> bucket(JsonNode node, String pointer) {
        String called = node.path("bucket").textValue();
        if (called != null && !bucketNames.contains(called)) {
            problem(
                    pointer + "/bucket",
                    "there is no bucket " + called
                            + Names.nearest(called, bucketNames)
                                    .map(near -> "; did you mean " + near + "?")
                                    .orElse("; name it under buckets:"));
        }
        return Optional.ofNullable(called);
    }

    private Optional<URI> resolve(JsonNode node, String pointer) {
        String text = node.path("resolve").textValue();
        if (text == null) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (web && Authority.isIn(uri) && uri.getRawUserInfo() == null && uri.getRawFragment() == null) {
                return Optional.of(uri);
            }
        } catch (URISyntaxException e) {
            // Said below, as of every other text that is no address.
        }
        problem(
                pointer + "/resolve",
                "resolve must be an address like https://app.example.com/links, without user, password and fragment");
        return Optional.empty();
    }

    /** @return the kinds that an entry takes */
    static Set<MediaKind> types(JsonNode node) {
        Set<MediaKind> types = EnumSet.noneOf(MediaKind.class);
        node.path("types").forEach(type -> types.add(MediaKind.ofLabel(type.asText())));
        return types.isEmpty() ? MediaKind.DEFAULT : types;
    }

    private Optional<HostPatterns> hosts(JsonNode node, String pointer, List<String> defaults) {
        List<String> patterns = new ArrayList<>();
        node.path("hosts").forEach(host -> patterns.add(host.asText()));
        try {
            return Optional.of(new HostPatterns(patterns.isEmpty() ? defaults : patterns));
        } catch (IllegalArgumentException e) {
            problem(pointer + "/hosts", e.getMessage());
            return pointer.isEmpty() ? Optional.of(new HostPatterns(defaults)) : Optional.empty();
        }
    }

    /** An unknown property is reported at its own line, not at the line of the object that holds it. */
    private static String pointerOf(ValidationMessage message, String pointer) {
        return message.getType().equals("additionalProperties") ? pointer + "/" + message.getProperty() : pointer;
    }

    private String suggestion(JsonSchema schema, ValidationMessage message, String pointer) {
        if (!message.getType().equals("additionalProperties")) {
            return "";
        }
        if (message.getProperty().equals("compression")) {
            return "; only categories of imports are compressed";
        }
        String object = pointer.isEmpty() ? "/properties" : "/$defs/" + definition(pointer) + "/properties";
        List<String> known = new ArrayList<>();
        schema.getSchemaNode().at(object).fieldNames().forEachRemaining(known::add);
        return Names.nearest(message.getProperty(), known)
                .map(near -> "; did you mean " + near + "?")
                .orElse("; known are " + String.join(", ", known));
    }

    /** @return the name in the schema of what stands at a place of the document */
    private static String definition(String pointer) {
        String[] names = pointer.split("/");
        return switch (names[1] + "/" + names.length) {
            case "imports/3" -> "import";
            case "imports/5" -> names[3].equals("maps") ? "map" : "category";
            case "imports/6" -> names[5];
            case "imports/7" -> names[5].equals("skip") ? "skip" : "newId";
            case "imports/8" -> "query";
            case "buckets/3" -> "bucket";
            case "archives/3" -> "archive";
            case "fields/4", "archives/4" -> names[3];
            case "derivatives/3" -> "derivation";
            case "uploads/3" -> "upload";
            case "uploads/4" -> "upload/properties/attach";
            case "references/3" -> "reference";
            case "references/4" ->
                names[3].equals("new") ? "reference/properties/new/anyOf/1" : "reference/properties/" + names[3];
            case "references/5" -> "reference/properties/probes/items";
            default -> "field";
        };
    }

    private void problem(String pointer, String text) {
        problems.add(name + ":" + document.line(pointer) + ": " + text);
    }

    private void failOnProblems() {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    /** Begins to read what registries are checked against, so that it is there when the first one comes. */
    public static synchronized void prepare() {
        if (schema == null) {
            schema = CompletableFuture.supplyAsync(RegistryFile::readSchema);
        }
    }

    private static synchronized JsonSchema schema() {
        prepare();
        return schema.join();
    }

    private static JsonSchema readSchema() {
        SchemaValidatorsConfig config =
                SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER).build();
        try (InputStream in = RegistryFile.class.getResourceAsStream("registry.schema.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(in, config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
