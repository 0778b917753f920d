package dev.mediaferry.video;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs one program under bounds, without an environment and without input. It has a thread of its own, which starts it, reads what it writes and
 * waits for it: the kernel ends a child with the thread that started it, so that must not be one that comes and goes.
 */
final class Child {

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final int LONGEST_OUTPUT = 16 << 20;
    private static final int LONGEST_LINE = 64 << 10;
    private static final int LONGEST_ERRORS = 16 << 10;

    private final String program;
    private final List<String> command;
    private final Path directory;
    private final Bounds bounds;
    private final Consumer<String> lines;
    private final StringBuilder errors = new StringBuilder();
    private final CountDownLatch started = new CountDownLatch(1);
    private volatile Process process;
    private volatile IOException refused;
    private volatile RuntimeException failed;
    private volatile Integer status;

    /**
     * How it ended.
     *
     * @param errors the end of what it complained about
     */
    record Ended(int status, String errors) {

        /** True when something else than its own exit has ended it. */
        boolean wasKilled() {
            return status > 128;
        }
    }

    private Child(String program, List<String> command, Path directory, Bounds bounds, Consumer<String> lines) {
        this.program = program;
        this.command = command;
        this.directory = directory;
        this.bounds = bounds;
        this.lines = lines;
    }

    /**
     * @param program what it is called in messages
     * @param directory where it works and may write
     * @param lines gets each line of its output
     * @throws FilmException when it took too long or too much room, or cannot be started
     */
    static Ended run(String program, List<String> command, Path directory, Bounds bounds, Consumer<String> lines) {
        return new Child(program, command, directory, bounds, lines).run();
    }

    private Ended run() {
        Thread own = daemon("child", this::work);
        long end = System.nanoTime() + bounds.time().toNanos();
        try {
            while (own.isAlive()) {
                own.join(LOOK.toMillis());
                if (own.isAlive()) {
                    watch(end);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FilmException(FilmFault.STOPPED, "the process was stopped while it worked on the film", e);
        } finally {
            kill();
        }
        if (refused != null) {
            throw new FilmException(FilmFault.UNAVAILABLE, program + " cannot be started", refused);
        }
        if (failed != null) {
            throw failed;
        }
        synchronized (errors) {
            return new Ended(status, errors.toString());
        }
    }

    private void watch(long end) {
        if (System.nanoTime() - end > 0) {
            throw new FilmException(
                    FilmFault.TIMEOUT,
                    program + " was not done after " + bounds.time().toSeconds() + " s (mediaferry.video.timeout)");
        }
        if (bounds.disk() > Bounds.NO_FILES && Scratch.size(directory) > bounds.disk()) {
            throw new FilmException(
                    FilmFault.NO_ROOM,
                    "the film and what is made of it take more than " + bounds.disk()
                            + " bytes (mediaferry.video.scratch)");
        }
    }

    private void work() {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
            builder.environment().clear();
            process = builder.start();
        } catch (IOException e) {
            refused = e;
            return;
        } finally {
            started.countDown();
        }
        try {
            process.getOutputStream().close();
            Thread complaints = daemon("child-errors", this::readErrors);
            readLines(process.inputReader(StandardCharsets.UTF_8));
            status = process.waitFor();
            complaints.join(LAST_WORDS.toMillis());
        } catch (IOException e) {
            // Its pipes are closed when it is killed, and then why has been said.
            failed = new FilmException(FilmFault.FAILED, "what " + program + " says cannot be read", e);
        } catch (RuntimeException e) {
            failed = e;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the thread of a child", e);
        }
    }

    private void readLines(BufferedReader reader) throws IOException {
        StringBuilder line = new StringBuilder();
        long all = 0;
        for (int c = reader.read(); c >= 0; c = reader.read()) {
            if (++all > LONGEST_OUTPUT || line.length() > LONGEST_LINE) {
                throw new FilmException(FilmFault.FAILED, program + " writes more than it should");
            }
            if (c == '\n') {
                lines.accept(line.toString());
                line.setLength(0);
            } else {
                line.append((char) c);
            }
        }
        if (!line.isEmpty()) {
            lines.accept(line.toString());
        }
    }

    private void readErrors() {
        try (InputStream in = process.getErrorStream();
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            char[] buffer = new char[1024];
            for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
                synchronized (errors) {
                    errors.append(buffer, 0, n);
                    errors.delete(0, Math.max(0, errors.length() - LONGEST_ERRORS));
                }
            }
        } catch (IOException e) {
            synchronized (errors) {
                errors.append("[cut off]");
            }
        }
    }

    /** All of it: what it has started itself, too. */
    private void kill() {
        boolean interrupted = Thread.interrupted();
        try {
            started.await();
            if (process != null) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                process.waitFor(LAST_WORDS.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
