package dev.mediaferry.ferry;

import dev.mediaferry.content.Dimensions;
import dev.mediaferry.content.Original;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.failure.FailureKind;
import dev.mediaferry.failure.RetryPolicy;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.ledger.Transfer.ObjectState;
import dev.mediaferry.ledger.TransferResult;
import dev.mediaferry.ledger.TransferResult.Failed;
import dev.mediaferry.ledger.TransferResult.Remains;
import dev.mediaferry.ledger.TransferResult.Stored;
import dev.mediaferry.ledger.TransferState;
import dev.mediaferry.link.Link;
import dev.mediaferry.run.Runs;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the statements about settlements take: a column of each fact, row by row. */
public final class ResultRows {

    private final Runs runs;
    private final MediaAddresses addresses;

    public ResultRows(Runs runs, MediaAddresses addresses) {
        this.runs = runs;
        this.addresses = addresses;
    }

    /** @return parameters of {@code record-repairs.sql} */
    public Map<String, Object> repairs(ResultWriter.Batch batch) {
        List<Transfer> repaired = batch.repaired().toList();
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("worker", repaired.get(0).worker());
        parameters.put("ids", repaired.stream().mapToLong(Transfer::id).toArray());
        parameters.put("links", strings(repaired.stream().map(Transfer::url).toList()));
        parameters.put(
                "repairs", strings(repaired.stream().map(Transfer::repair).toList()));
        return parameters;
    }

    /** @return parameters of {@link dev.mediaferry.entry.Relink} */
    public Map<String, Object> relinks(ResultWriter.Batch batch) {
        List<Stored> stored = batch.stored();
        Map<String, Object> parameters = ids(stored);
        parameters.put(
                "objectKeys", strings(stored.stream().map(Stored::objectKey).toList()));
        parameters.put("targets", strings(stored.stream().map(Stored::target).toList()));
        parameters.put("sha256s", strings(stored.stream().map(Stored::sha256).toList()));
        parameters.put("bytes", stored.stream().mapToLong(Stored::bytes).toArray());
        parameters.put(
                "contentTypes", strings(stored.stream().map(Stored::contentType).toList()));
        parameters.put("etags", strings(stored.stream().map(Stored::etag).toList()));
        parameters.put("objectStates", states(stored.stream().map(Stored::objectState)));
        Entry entry = runs.entry(batch.entry());
        if (entry.source() == Entry.Source.FILE) {
            putOriginals(parameters, stored);
        }
        entry.asMedia().ifPresent(media -> putMedia(parameters, media.type(), stored));
        return parameters;
    }

    private void putMedia(Map<String, Object> parameters, String type, List<Stored> stored) {
        parameters.put(
                "cdnUrls",
                strings(stored.stream().map(one -> addresses.of(type, one)).toList()));
        parameters.put("widths", pixels(stored, Dimensions::width));
        parameters.put("heights", pixels(stored, Dimensions::height));
    }

    private static Integer[] pixels(List<Stored> stored, Function<Dimensions, Integer> side) {
        return stored.stream()
                .map(one -> Optional.ofNullable(one.dimensions()).map(side).orElse(null))
                .toArray(Integer[]::new);
    }

    private static void putOriginals(Map<String, Object> parameters, List<Stored> stored) {
        List<Optional<Original>> originals =
                stored.stream().map(one -> Optional.ofNullable(one.original())).toList();
        parameters.put(
                "originalBytes",
                originals.stream()
                        .map(original -> original.map(Original::length).orElse(null))
                        .toArray(Long[]::new));
        parameters.put(
                "originalSha256s",
                strings(originals.stream()
                        .map(original -> original.map(Original::sha256).orElse(null))
                        .toList()));
    }

    /** @return parameters of {@code record-failures.sql} */
    public Map<String, Object> failures(ResultWriter.Batch batch) {
        List<Failed> failed = batch.failed();
        Map<String, Object> parameters = ids(failed);
        parameters.put(
                "states",
                strings(failed.stream()
                        .map(failure ->
                                (failure.next().isPresent() ? TransferState.WAITING : TransferState.DEAD).label())
                        .toList()));
        parameters.put(
                "delays",
                failed.stream()
                        .mapToLong(failure -> failure.next()
                                .map(RetryPolicy.Next::delay)
                                .orElse(Duration.ZERO)
                                .toMillis())
                        .toArray());
        parameters.put(
                "failures",
                strings(failed.stream().map(failure -> failure.kind().label()).toList()));
        parameters.put("messages", strings(failed.stream().map(Failed::message).toList()));
        putRemains(parameters, failed.stream().map(Failed::remains).toList());
        parameters.put(
                "statuses",
                failed.stream()
                        .map(failure -> failure.httpStatus().orElse(null))
                        .toArray(Integer[]::new));
        // One is enough: that of the last attempt.
        parameters.put(
                "answers",
                strings(failed.stream()
                        .map(failure ->
                                failure.answer() == null || failure.next().isPresent()
                                        ? null
                                        : Base64.getEncoder().encodeToString(failure.answer()))
                        .toList()));
        parameters.put(
                "millis",
                failed.stream().mapToLong(failure -> failure.time().toMillis()).toArray());
        parameters.put("asked", flags(failed, failure -> failure.resolution().isPresent()));
        parameters.put(
                "requested",
                strings(failed.stream()
                        .map(Failed::transfer)
                        .map(transfer -> transfer.url().equals(transfer.source()) ? null : transfer.url())
                        .toList()));
        parameters.put(
                "freshLinks",
                strings(failed.stream()
                        .map(failure -> failure.fresh()
                                .map(link -> link.uri().toString())
                                .orElse(null))
                        .toList()));
        parameters.put(
                "freshHosts",
                strings(failed.stream()
                        .map(failure -> failure.fresh().map(Link::host).orElse(null))
                        .toList()));
        parameters.put(
                "freshDeadlines",
                strings(failed.stream()
                        .map(failure -> failure.resolution()
                                .flatMap(TransferResult.Resolution::deadline)
                                .map(Instant::toString)
                                .orElse(null))
                        .toList()));
        parameters.put("untried", flags(failed, failure -> failure.kind().retry() == FailureKind.Retry.UNTRIED));
        return parameters;
    }

    private static void putRemains(Map<String, Object> parameters, List<Remains> remains) {
        parameters.put("objectStates", states(remains.stream().map(Remains::state)));
        parameters.put(
                "objectKeys", strings(remains.stream().map(Remains::objectKey).toList()));
        parameters.put("sha256s", strings(remains.stream().map(Remains::sha256).toList()));
        parameters.put("bytes", remains.stream().map(Remains::bytes).toArray(Long[]::new));
        parameters.put(
                "contentTypes",
                strings(remains.stream().map(Remains::contentType).toList()));
        parameters.put("etags", strings(remains.stream().map(Remains::etag).toList()));
    }

    private static String[] states(Stream<ObjectState> states) {
        return states.map(state -> state == null ? null : state.name().toLowerCase(Locale.ROOT))
                .toArray(String[]::new);
    }

    private static Map<String, Object> ids(List<? extends TransferResult> settlements) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("worker", settlements.get(0).transfer().worker());
        parameters.put(
                "runs",
                settlements.stream()
                        .mapToLong(settlement -> settlement.transfer().run())
                        .toArray());
        parameters.put(
                "ids",
                settlements.stream()
                        .mapToLong(settlement -> settlement.transfer().id())
                        .toArray());
        return parameters;
    }

    private static boolean[] flags(List<Failed> failed, Predicate<Failed> property) {
        boolean[] flags = new boolean[failed.size()];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = property.test(failed.get(i));
        }
        return flags;
    }

    private static String[] strings(List<String> values) {
        return values.toArray(String[]::new);
    }
}
