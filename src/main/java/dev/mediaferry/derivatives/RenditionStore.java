package dev.mediaferry.derivatives;

import dev.mediaferry.content.Digests;
import dev.mediaferry.derivatives.FilmLedger.Playlist;
import dev.mediaferry.derivatives.JobResult.Facts;
import dev.mediaferry.derivatives.Output.StoredObject;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.TransferException;
import dev.mediaferry.storage.Requests;
import dev.mediaferry.storage.SignatureV4;
import dev.mediaferry.video.MasterPlaylist;
import dev.mediaferry.video.Rendition;
import dev.mediaferry.video.Rung;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Puts renditions beside their film. What is put is written down before anything leads to it: first the files of a rung, then the rung, then
 * the playlist that leads to all rungs.
 */
public final class RenditionStore implements AutoCloseable {

    private static final String MP4 = "mp4";
    private static final String M3U8 = "m3u8";
    private static final int AT_ONCE = 8;

    /** Rungs that end at the same moment: each of them may have to come after all others. */
    private static final int MOST_REWRITES = 16;

    private final DerivativeStore store;
    private final FilmLedger ledger;
    private final Requests puts = new Requests(AT_ONCE);

    public RenditionStore(DerivativeStore store, FilmLedger ledger) {
        this.store = store;
        this.ledger = ledger;
    }

    /** @return what is made of a film in one size */
    static List<Slot> slots(Assignment work, int size) {
        List<Slot> slots = new ArrayList<>(List.of(new Slot(Slot.Kind.RENDITION, size, MP4)));
        if (work.derivation().hls()) {
            slots.add(new Slot(Slot.Kind.PLAYLIST, size, M3U8));
        }
        return slots;
    }

    /** Puts the files of one rung, and writes them down. */
    void keep(Assignment work, Rung rung, Rendition made) {
        int bitrate = (int) Math.min(Integer.MAX_VALUE, made.variant().average());
        List<Output> outputs = new ArrayList<>();
        for (Slot slot : slots(work, rung.size())) {
            // A year, since a new version lies elsewhere.
            String folder = store.key(work, slot) + rung.size();
            boolean film = slot.kind() == Slot.Kind.RENDITION;
            List<StoredObject> parts = film ? List.of() : segments(work, folder, made.segments());
            StoredObject stored = film
                    ? store.put(work, folder + "." + MP4, "video/mp4", DerivativeStore.YEAR, made.film())
                    : store.put(
                            work,
                            folder + "/" + made.playlist().getFileName(),
                            MasterPlaylist.CONTENT_TYPE,
                            DerivativeStore.HOUR,
                            made.playlist());
            outputs.add(new Output(
                    slot,
                    work.nextVersion(slot),
                    Derivative.State.READY,
                    stored,
                    rung.width(),
                    rung.height(),
                    bitrate,
                    parts,
                    null));
        }
        ledger.keep(
                JobResult.done(work.job(), Facts.NONE, outputs),
                outputs.stream()
                        .filter(output -> output.slot().kind() == Slot.Kind.PLAYLIST)
                        .collect(java.util.stream.Collectors.toMap(
                                output -> output.stored().key(),
                                output -> made.variant().attributes())));
    }

    /** A film that does not fill a size lacks nothing without it. */
    void forget(Assignment work, int size) {
        ledger.forget(work.job(), size);
    }

    private List<StoredObject> segments(Assignment work, String folder, List<Path> segments) {
        return puts.all(segments.stream()
                .<Callable<StoredObject>>map(segment -> () -> {
                    String name = segment.getFileName().toString();
                    // As MPEG registered it for segments (ISO/IEC 23009-1); players look at the bytes.
                    String type = name.endsWith(".m4s") ? "video/iso.segment" : "video/mp4";
                    return store.put(work, folder + "/" + name, type, DerivativeStore.YEAR, segment);
                })
                .toList());
    }

    /**
     * Writes a master playlist with all rungs that are there. The process that makes the last rung sees all of them, and an older list
     * never replaces a newer one.
     */
    void rewriteMaster(Assignment work) {
        if (!work.derivation().hls()) {
            return;
        }
        Job job = work.job();
        Slot slot = new Slot(Slot.Kind.MASTER, 0, M3U8);
        int passed = 0;
        for (int i = 0; i < MOST_REWRITES; i++) {
            List<Playlist> rungs = ledger.rungs(job.bucket(), job.objectKey());
            Optional<Playlist> master = ledger.master(job.bucket(), job.objectKey());
            if (rungs.isEmpty() || master.filter(one -> leadsTo(one, rungs)).isPresent()) {
                return;
            }
            int version = master.map(Playlist::version).orElse(0) + 1 + passed;
            String key = work.derivation()
                            .renditionKey()
                            .key(job.objectKey(), slot.kind().label(), slot.sizeName(), version, M3U8)
                    + "master." + M3U8;
            try {
                StoredObject stored = store.put(
                        work,
                        key,
                        MasterPlaylist.CONTENT_TYPE,
                        DerivativeStore.HOUR,
                        text(key, rungs).getBytes(StandardCharsets.UTF_8));
                Output output =
                        new Output(slot, version, Derivative.State.READY, stored, null, null, null, List.of(), null);
                ledger.keep(JobResult.done(job, Facts.NONE, List.of(output)), Map.of());
            } catch (TransferException e) {
                if (e.kind() != FailureKind.KEY_TAKEN) {
                    throw e;
                }
                // Another rung's job is just there, or was when its process died.
                passed++;
            }
        }
        throw new TransferException(
                FailureKind.CHANGED, "others write the master playlist of this film again and again");
    }

    private static boolean leadsTo(Playlist master, List<Playlist> rungs) {
        byte[] text = text(master.storageKey(), rungs).getBytes(StandardCharsets.UTF_8);
        return Digests.sha256(text).equals(master.sha256());
    }

    private static String text(String master, List<Playlist> rungs) {
        return MasterPlaylist.of(rungs.stream()
                .map(rung -> new MasterPlaylist.Entry(rung.stream(), relative(master, rung.storageKey())))
                .toList());
    }

    /** @return the address of one object as another one's document names it */
    static String relative(String from, String to) {
        Path folder = Path.of("/" + from).getParent();
        return SignatureV4.encode(folder.relativize(Path.of("/" + to)).toString(), true);
    }

    @Override
    public void close() {
        puts.close();
    }
}
