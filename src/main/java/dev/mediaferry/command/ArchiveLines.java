package dev.mediaferry.command;

import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.run.Watcher;
import java.io.PrintStream;
import java.nio.charset.Charset;

/** A line for each file of an archive as it ends, under the batch that it is of. */
final class ArchiveLines implements Watcher {

    private final PrintStream out;
    private final int batch;
    private final long most;
    private final String done;
    private final String failed;
    private long total;
    private long shown;

    /**
     * @param total files that are expected
     * @param batch files under one heading
     * @param most files that are shown
     */
    ArchiveLines(PrintStream out, long total, int batch, long most) {
        this.most = most;
        this.out = out;
        this.total = total;
        this.batch = batch;
        Charset charset = Charset.forName(System.getProperty(
                "stderr.encoding",
                System.getProperty(
                        "sun.stderr.encoding", Charset.defaultCharset().name())));
        boolean signs = charset.newEncoder().canEncode('✓');
        this.done = signs ? "✓" : "ok";
        this.failed = signs ? "✗" : "FAILED";
    }

    @Override
    public synchronized void planned(String id, String file, String key, boolean there) {
        line(there ? done : failed, id, there ? file + " -> " + key : file + "  is missing");
    }

    @Override
    public synchronized void ended(Transfer transfer, String key, String state) {
        boolean linked = state.equals("linked");
        line(
                linked ? done : failed,
                transfer.rowKey(),
                transfer.url() + (linked ? " -> " + key : "  superseded: the row has changed meanwhile"));
    }

    @Override
    public synchronized void failed(Transfer transfer, FailureKind kind, String message) {
        line(failed, transfer.rowKey(), transfer.url() + "  " + kind.label() + ": " + message);
    }

    private void line(String sign, String id, String text) {
        if (shown >= most) {
            return;
        }
        if (shown % batch == 0) {
            total = Math.max(total, shown + 1);
            out.printf(
                    "Batch %,d/%,d (%,d files)%n",
                    shown / batch + 1, (total + batch - 1) / batch, Math.min(batch, total - shown));
        }
        shown++;
        out.println("  " + sign + " " + LedgerOptions.plain(id + "  " + text));
    }
}
