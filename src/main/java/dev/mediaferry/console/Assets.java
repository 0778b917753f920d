package dev.mediaferry.console;

import dev.mediaferry.content.Digests;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** Scripts and styles of the pages, all in memory. Their addresses name their bytes, so that browsers may keep them. */
final class Assets {

    private static final String ROOT = Console.ROOT + "/assets/";
    private static final String JARS = "/META-INF/resources/webjars/";

    private static final Map<String, String> FILES = Map.of(
            "console.css", "assets/console.css",
            "console.js", "assets/console.js",
            "icon.svg", "assets/icon.svg",
            "htmx.js", JARS + "htmx.org/2.0.8/dist/htmx.min.js",
            "sse.js", JARS + "htmx-ext-sse/2.2.2/sse.js",
            "uplot.js", JARS + "uplot/1.6.30/dist/uPlot.iife.min.js",
            "uplot.css", JARS + "uplot/1.6.30/dist/uPlot.min.css");

    private static final int DIGITS = 16;

    private final Map<String, Asset> byPath = new TreeMap<>();
    private final Map<String, String> addresses = new TreeMap<>();

    private record Asset(Buffer bytes, String type) {}

    Assets() {
        FILES.forEach((name, file) -> {
            byte[] bytes = read(file);
            String address = ROOT + digest(bytes) + "/" + name;
            byPath.put(address, new Asset(Buffer.buffer(bytes), type(name)));
            addresses.put(name.replace('.', '_'), address);
        });
    }

    static boolean isOne(String path) {
        return path.startsWith(ROOT);
    }

    /** Addresses by name, with an underscore for the dot: templates ask for {@code assets.console_css}. */
    Map<String, String> addresses() {
        return addresses;
    }

    void answer(RoutingContext context) {
        Asset asset = byPath.get(context.normalizedPath());
        if (asset == null) {
            Gate.refuse(context, 404, "there is nothing under this address");
            return;
        }
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, asset.type())
                .putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=31536000, immutable")
                .end(asset.bytes());
    }

    private static String type(String name) {
        return name.endsWith(".css")
                ? "text/css; charset=utf-8"
                : name.endsWith(".svg") ? "image/svg+xml" : "text/javascript; charset=utf-8";
    }

    private static byte[] read(String file) {
        try (InputStream in = Assets.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks " + file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(byte[] bytes) {
        return Digests.sha256(bytes).substring(0, DIGITS);
    }
}
