package dev.mediaferry.video;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Wraps a command into util-linux's means to keep it in bounds: limits of the kernel, no network where this user may have that, death with the
 * thread that started it, no new privileges, and a low priority.
 */
final class Sandbox {

    private static final int OPEN_FILES = 64;
    private static final int PROBE_SECONDS = 10;
    private static final String SHELL = "/bin/sh";

    /** A parent that dies before the child asks for its signal sends none. The child has another parent then, and ends. */
    private static final String UNLESS_ORPHANED = "[ \"$PPID\" = \"$0\" ] && unset PWD OLDPWD SHLVL && exec \"$@\"";

    private final Path prlimit;
    private final Path setpriv;
    private final Path nice;
    private final List<String> noNetwork;

    private Sandbox(Path prlimit, Path setpriv, Path nice, List<String> noNetwork) {
        this.prlimit = prlimit;
        this.setpriv = setpriv;
        this.nice = nice;
        this.noNetwork = List.copyOf(noNetwork);
    }

    /** @throws FilmException when a program that it needs is not there */
    static Sandbox find(String searchPath) {
        return new Sandbox(
                needed("prlimit", searchPath),
                needed("setpriv", searchPath),
                needed("nice", searchPath),
                program("unshare", searchPath).map(Sandbox::noNetwork).orElse(List.of()));
    }

    /** True when children cannot reach a network. */
    boolean hasNoNetwork() {
        return !noNetwork.isEmpty();
    }

    List<String> wrap(List<String> command, Bounds bounds) {
        List<String> all = new ArrayList<>(noNetwork);
        all.add(prlimit.toString());
        all.add("--as=" + bounds.memory());
        long processor = bounds.time().toSeconds() * Runtime.getRuntime().availableProcessors();
        // The soft limit sends a signal of its own, which differs from a crash.
        all.add("--cpu=" + processor + ":" + (processor + 1));
        all.add("--fsize=" + bounds.disk());
        all.add("--nofile=" + OPEN_FILES);
        all.add("--core=0");
        all.add(nice.toString());
        all.add("-n");
        all.add("10");
        // Last, since some of the others would take the death signal back.
        all.add(setpriv.toString());
        all.add("--no-new-privs");
        all.add("--pdeathsig");
        all.add("KILL");
        all.addAll(List.of(
                SHELL,
                "-c",
                UNLESS_ORPHANED,
                Long.toString(ProcessHandle.current().pid())));
        all.addAll(command);
        return all;
    }

    /** @return a program on the search path */
    static Optional<Path> program(String name, String searchPath) {
        for (String directory : searchPath.split(":")) {
            Path program = Path.of(directory, name);
            if (program.isAbsolute() && Files.isRegularFile(program) && Files.isExecutable(program)) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }

    private static Path needed(String name, String searchPath) {
        return program(name, searchPath)
                .orElseThrow(() -> new FilmException(
                        FilmFault.UNAVAILABLE,
                        name + " is not installed, which keeps programs in bounds that read media: it is part of "
                                + (name.equals("nice") ? "coreutils" : "util-linux")));
    }

    /** Root may have a network namespace, others only within a user namespace, and many containers neither. */
    private static List<String> noNetwork(Path unshare) {
        for (List<String> way : List.of(List.of(unshare.toString(), "-n"), List.of(unshare.toString(), "-r", "-n"))) {
            List<String> trial = new ArrayList<>(way);
            trial.addAll(List.of("--", unshare.toString(), "--version"));
            if (works(trial)) {
                return way;
            }
        }
        return List.of();
    }

    private static boolean works(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
