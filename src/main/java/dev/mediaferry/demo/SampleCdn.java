package dev.mediaferry.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.CRC32;

/**
 * A CDN on loopback. The first part of a path says how it answers, the last one names the picture; every picture has bytes
 * of its own.
 */
final class SampleCdn implements AutoCloseable {

    /** Answers its pictures with 403, as a CDN does when a signature is no longer accepted. */
    static final String FORBIDDEN = "forbidden";

    static final String GONE = "gone";

    /** HTTP 429 with Retry-After at the first request, the picture after that. */
    static final String BUSY = "busy";

    /** HTTP 500 at the first request, the picture after that. */
    static final String FLAKY = "flaky";

    /** A login page with status 200. */
    static final String PAGE = "page";

    /** The picture after a second. */
    static final String SLOW = "slow";

    static final String GOOD = "dms";

    private static final int SLOW_MILLIS = 1000;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(32);
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final byte[] jpeg = Samples.bytes("portrait.jpg");
    private final byte[] png = Samples.bytes("avatar.png");
    private final byte[] gif = Samples.bytes("avatar.gif");
    private final byte[] webp = Samples.bytes("portrait.webp");

    SampleCdn() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** {@code host:port} */
    String authority() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String behaviour = path.substring(1, path.indexOf('/', 1));
            switch (behaviour) {
                case GONE -> send(exchange, 404, "text/plain", bytes("no such picture"));
                case FORBIDDEN -> send(exchange, 403, "text/plain", bytes("URL signature expired"));
                case PAGE -> send(exchange, 200, "text/html", bytes("<!DOCTYPE html><title>Sign in</title>"));
                case BUSY -> {
                    if (asked.add(path)) {
                        exchange.getResponseHeaders().set("Retry-After", "1");
                        send(exchange, 429, "text/plain", bytes("slow down"));
                    } else {
                        sendPicture(exchange, path);
                    }
                }
                case FLAKY -> {
                    if (asked.add(path)) {
                        send(exchange, 500, "text/plain", bytes("try again"));
                    } else {
                        sendPicture(exchange, path);
                    }
                }
                case SLOW -> {
                    Thread.sleep(SLOW_MILLIS);
                    sendPicture(exchange, path);
                }
                default -> sendPicture(exchange, path);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendPicture(HttpExchange exchange, String path) throws IOException {
        byte[] mark = bytes(path);
        switch (path.substring(path.lastIndexOf('.') + 1)) {
            case "png" -> send(exchange, 200, "image/png", markPng(mark));
            case "gif" -> send(exchange, 200, "image/gif", markGif(mark));
            case "webp" -> send(exchange, 200, "image/webp", webp);
            default -> send(exchange, 200, "image/jpeg", markJpeg(mark));
        }
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** A comment segment after the start of the image. */
    private byte[] markJpeg(byte[] mark) {
        return ByteBuffer.allocate(jpeg.length + mark.length + 4)
                .put(jpeg, 0, 2)
                .putShort((short) 0xfffe)
                .putShort((short) (mark.length + 2))
                .put(mark)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    /** A text chunk before the last chunk, which is 12 bytes long. */
    private byte[] markPng(byte[] mark) {
        byte[] body = bytes("tEXtComment\0" + new String(mark, StandardCharsets.US_ASCII));
        CRC32 crc = new CRC32();
        crc.update(body);
        return ByteBuffer.allocate(png.length + body.length + 8)
                .put(png, 0, png.length - 12)
                .putInt(body.length - 4)
                .put(body)
                .putInt((int) crc.getValue())
                .put(png, png.length - 12, 12)
                .array();
    }

    /** A comment extension before the trailer, which is one byte. */
    private byte[] markGif(byte[] mark) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(gif, 0, gif.length - 1);
        out.write(0x21);
        out.write(0xfe);
        out.write(mark.length);
        out.writeBytes(mark);
        out.write(0);
        out.write(gif[gif.length - 1]);
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
