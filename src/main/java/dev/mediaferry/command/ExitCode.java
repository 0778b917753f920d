package dev.mediaferry.command;

import dev.mediaferry.run.RunReport;

/** What the process answers to the shell. */
final class ExitCode {

    static final int DONE = 0;
    static final int SOME_FAILED = 1;
    static final int USAGE = 2;
    static final int UNREACHABLE = 3;

    private ExitCode() {}

    static int of(RunReport report) {
        if (report.refusal() != null) {
            return UNREACHABLE;
        }
        return report.failed() ? SOME_FAILED : DONE;
    }
}
