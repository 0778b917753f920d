package dev.mediaferry.scan;

import dev.mediaferry.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A clamd that is asked about streams of bytes, by its command INSTREAM (clamd(8)). Nothing is written to a disk here. */
public final class Clamd {

    private static final int CONNECT_MILLIS = 5_000;

    /** It says nothing before it has looked through all of a file. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(5);

    /** Files that it looks through at a time; its own limit is 10 (MaxThreads). */
    private static final int AT_ONCE = 8;

    /** After this it is busy: who asks comes again. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private static final int CHUNK = 64 * 1024;
    private static final int LONGEST_ANSWER = 4096;
    private static final int HIGHEST_PORT = 65_535;

    private static final Pattern ADDRESS = Pattern.compile("\\[?([^\\s\\[\\]]+?)]?:(\\d{1,5})");
    private static final Pattern FOUND = Pattern.compile("stream: (.+) FOUND");

    private final String host;
    private final int port;
    private final Duration silence;
    private final Semaphore turns = new Semaphore(AT_ONCE);

    /** Ends its thread when nothing is scanned. */
    private final ScheduledThreadPoolExecutor clock;

    private Clamd(String host, int port, Duration silence) {
        this.host = host;
        this.port = port;
        this.silence = silence;
        this.clock = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "scanner-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        clock.setKeepAliveTime(1, TimeUnit.SECONDS);
        clock.allowCoreThreadTimeOut(true);
        clock.setRemoveOnCancelPolicy(true);
    }

    /** @return empty where nothing is scanned */
    public static Optional<Clamd> of(Settings settings) {
        return settings.optional("scan.clamd")
                .map(value -> settings.parse("scan.clamd", value, "a host and a port, like 127.0.0.1:3310", text -> {
                    Matcher address = ADDRESS.matcher(text);
                    if (!address.matches()) {
                        return null;
                    }
                    int port = Integer.parseInt(address.group(2));
                    return port < 1 || port > HIGHEST_PORT ? null : at(address.group(1), port, LONGEST_SILENCE);
                }));
    }

    /** @param silence after which it counts as away */
    static Clamd at(String host, int port, Duration silence) {
        return new Clamd(host, port, silence);
    }

    /**
     * Sends bytes as they come, while not too many others are sent.
     *
     * @return what they are infected with; empty when they are clean
     * @throws ScannerAwayException when there is no verdict
     * @throws IOException when the bytes do not come
     */
    public Optional<String> scan(InputStream bytes) throws IOException {
        if (!hasTurn()) {
            throw new ScannerAwayException(this + " is busy");
        }
        try (Socket socket = connect()) {
            boolean taken = send(bytes, socket);
            return verdict(answer(socket), taken);
        } finally {
            turns.release();
        }
    }

    private boolean hasTurn() {
        try {
            return turns.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Socket connect() {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            socket.setSoTimeout(Math.toIntExact(silence.toMillis()));
            return socket;
        } catch (IOException e) {
            close(socket);
            throw away(e);
        }
    }

    /** @return false when it did not take all of them; then it may have said why */
    private boolean send(InputStream bytes, Socket socket) throws IOException {
        byte[] chunk = new byte[CHUNK];
        if (!sent(socket, "zINSTREAM\0".getBytes(StandardCharsets.US_ASCII), 0)) {
            return false;
        }
        for (int count = bytes.readNBytes(chunk, 0, CHUNK); count > 0; count = bytes.readNBytes(chunk, 0, CHUNK)) {
            if (!sent(socket, length(count), 0) || !sent(socket, chunk, count)) {
                return false;
            }
        }
        return sent(socket, length(0), 0);
    }

    private static byte[] length(int count) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(count).array();
    }

    /**
     * A write has no limit of its own: one that nobody reads is ended by closing the socket.
     *
     * @param count how many of them; 0 for all
     */
    private boolean sent(Socket socket, byte[] bytes, int count) {
        ScheduledFuture<?> end = clock.schedule(() -> close(socket), silence.toMillis(), TimeUnit.MILLISECONDS);
        try {
            socket.getOutputStream().write(bytes, 0, count == 0 ? bytes.length : count);
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            end.cancel(false);
        }
    }

    private String answer(Socket socket) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            for (int c = in.read(); c > 0 && answer.size() < LONGEST_ANSWER; c = in.read()) {
                answer.write(c);
            }
            return answer.toString(StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw away(e);
        }
    }

    /** Only what says so is clean, and only of all the bytes. */
    private Optional<String> verdict(String answer, boolean taken) {
        Matcher found = FOUND.matcher(answer);
        if (found.matches()) {
            return Optional.of(found.group(1));
        }
        if (taken && answer.equals("stream: OK")) {
            return Optional.empty();
        }
        if (answer.contains("size limit exceeded")) {
            throw new ScannerAwayException(
                    this
                            + " takes no files of this size: raise StreamMaxLength, and MaxScanSize and MaxFileSize, in its configuration");
        }
        throw new ScannerAwayException(this + " gives no verdict: " + (answer.isEmpty() ? "it has hung up" : answer));
    }

    private ScannerAwayException away(IOException e) {
        return new ScannerAwayException(this + " does not answer: " + e.getMessage(), e);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is left to do with it.
        }
    }

    @Override
    public String toString() {
        return "the scanner " + host + ":" + port;
    }
}
