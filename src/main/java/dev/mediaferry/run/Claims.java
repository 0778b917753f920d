package dev.mediaferry.run;

import dev.mediaferry.entry.Claim;
import dev.mediaferry.entry.Entry;
import dev.mediaferry.failure.RetryPolicy;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.ledger.TransferState;
import dev.mediaferry.ledger.Worker;
import dev.mediaferry.pace.HostLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/**
 * Claims rows, no more of each host than its pace allows soon: so a slow host neither fills the memory nor keeps
 * rows from other processes, and the nearest deadlines go first to the very end.
 */
public final class Claims {

    /** Nothing was heard of what is claimed for that long: then the ledger says whether it ended elsewhere. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    /** A number that nobody has done anything about for that long may be lost, with the process that had taken it. */
    public static final Duration SENDS_AGAIN = Duration.ofMinutes(10);

    /** Longest sleep between two looks at what is due. */
    private static final long LOOK_AGAIN_MILLIS = 50;

    /** At most this many batches of a field are in flight at once: some on their way, some to follow. */
    private static final int HELD_BATCHES = 4;

    /** A field that has fewer batches in flight claims before it plans on, when it may. */
    private static final int FEW_BATCHES = 2;

    /** Rows that may sit in the queue of the ferry, besides those whose host has made them wait. */
    private static final int PLACES = 2000;

    private final Worker worker;
    private final Runs runs;
    private final HostLimits pace;
    private final StoreCircuits circuits;
    private final Predicate<String> suspended;
    private final IntSupplier queued;
    private final FreeRoom disk;
    private final Duration sendsAgain;
    private final Map<Long, Sent> dispatched = new ConcurrentHashMap<>();
    private final Map<FieldRun, Request> requests = new ConcurrentHashMap<>();
    private final Map<FieldRun, Integer> promised = new HashMap<>();

    /** @param again true when the run's limit is used up, so that only its own failures are claimed once more */
    private record Request(int worker, Map<String, Integer> rooms, int most, boolean again) {}

    /** A transfer whose number is under way, and has not come to this process. */
    private record Sent(Transfer transfer, Instant at) {}

    /** A host for which rows are due: a row of {@code due-hosts.sql}. */
    public record DueHost(String host) {}

    /**
     * @param suspended tells of a route whether an operator has suspended it
     * @param queued how many rows sit in the queue of the ferry
     * @param disk what has to have room while rows are claimed
     * @param sendsAgain time after which a number is sent once more that seems to be lost
     */
    public Claims(
            Worker worker,
            Runs runs,
            HostLimits pace,
            StoreCircuits circuits,
            Predicate<String> suspended,
            IntSupplier queued,
            FreeRoom disk,
            Duration sendsAgain) {
        this.worker = worker;
        this.runs = runs;
        this.pace = pace;
        this.circuits = circuits;
        this.suspended = suspended;
        this.queued = queued;
        this.disk = disk;
        this.sendsAgain = sendsAgain;
    }

    /**
     * @return true when a field is about to be planned whose rows may be moved meanwhile; those links that a limit or a plan
     *     allows are chosen among all
     */
    public boolean mayOverlap(FieldRun field) {
        RunOptions options = field.run().options();
        return field.census().lastId() == null
                && field.entry().movesWhilePlanned()
                && (field.entry().source() == Entry.Source.FILE
                        || (options.limit().isEmpty() && options.plan().isEmpty()))
                && !options.dryRun()
                && !options.force();
    }

    /** @param rows of {@code due-hosts.sql}, before anything is planned */
    public void overlap(FieldRun field, List<DueHost> rows) {
        if (rows.isEmpty()) {
            field.overlap();
        }
    }

    /** @param rows of {@code due-hosts.sql} */
    public void open(FieldRun field, List<DueHost> rows) {
        TreeSet<String> hosts = new TreeSet<>();
        rows.forEach(row -> hosts.add(row.host()));
        field.open(hosts);
    }

    /**
     * Sits until there is something to do for a field, which its {@link FieldRun#step} says then. It is over when it is done, the
     * run stops, its route was suspended, the store has refused all for too long, or the disk has no room.
     */
    public void awaitWork(FieldRun field) throws InterruptedException {
        giveBack(field);
        while (true) {
            if (suspended.test(field.route())) {
                field.suspend();
            }
            field.readAgainInTime();
            circuits.refusal(field).ifPresent(field::refuse);
            if (!field.run().options().dryRun() && field.failure().isEmpty()) {
                disk.lack().ifPresent(why -> runs.endEarly(field, why));
            }
            boolean stopped = field.suspended()
                    || field.failure().isPresent()
                    || field.refusal().isPresent()
                    || field.run().stopping();
            boolean early = !stopped && field.overlaps() && field.held() < FEW_BATCHES * batch(field) && request(field);
            FieldRun.Step step = field.next(early);
            boolean claiming = step == FieldRun.Step.CLAIM_ROWS;
            if (!stopped && step != FieldRun.Step.NOTHING && (!claiming || early || request(field))) {
                return;
            }
            if (field.run().abandoned() || (field.idle() && (stopped || !claiming || isDone(field)))) {
                field.end();
                return;
            }
            if (field.fellSilent(SILENCE)) {
                return;
            }
            field.await(LOOK_AGAIN_MILLIS);
        }
    }

    /** A field that was suspended just when it was to claim has not used what it was allowed. */
    private void giveBack(FieldRun field) {
        synchronized (promised) {
            promised.remove(field);
        }
        Request unused = requests.remove(field);
        if (unused != null && !unused.again()) {
            field.run().returnPermits(unused.most());
        }
    }

    private static boolean isDone(FieldRun field) {
        return field.pendingRetries() == 0
                && (field.run().exhausted() || field.openHosts().isEmpty());
    }

    /** @return the field's claim: of every row that is due, or of those that a plan has chosen */
    public String sql(FieldRun field) {
        Claim claim = field.entry().claim();
        return field.run().options().chooses() ? claim.chosen().orElseThrow() : claim.due();
    }

    /** @return parameters of the claim that {@link #awaitWork} found possible */
    public Map<String, Object> parameters(FieldRun field) {
        Request request = requests.get(field);
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("entry", field.name());
        parameters.put("run", field.run().id());
        parameters.put("worker", request.worker());
        parameters.put("hosts", request.rooms().keySet().toArray(String[]::new));
        parameters.put(
                "rooms",
                request.rooms().values().stream().mapToInt(Integer::intValue).toArray());
        parameters.put("most", request.most());
        parameters.put("again", request.again());
        return parameters;
    }

    /** @param answer of the field's claim */
    public List<Transfer> claimed(FieldRun field, List<ClaimedRow> answer) {
        if (!answer.get(0).registered()) {
            // Others have taken this process for dead: nothing was claimed, and the same is asked for once more.
            worker.replace(requests.get(field).worker());
            return List.of();
        }
        Request request = requests.remove(field);
        List<ClaimedRow> rows = answer.stream().filter(ClaimedRow::exists).toList();
        List<Transfer> transfers = new ArrayList<>(rows.size());
        Map<String, Integer> taken = new HashMap<>();
        for (ClaimedRow row : rows) {
            taken.merge(row.host(), 1, Integer::sum);
            if (row.state() == TransferState.SUPERSEDED) {
                field.foundSuperseded(row.id(), row.found());
                field.run().count(TransferState.SUPERSEDED);
            } else {
                Transfer transfer = row.transfer(field, request.worker());
                field.claimed(transfer, row.found());
                transfers.add(transfer);
            }
        }
        if (!request.again()) {
            long again = rows.stream().filter(row -> !row.found()).count();
            field.run().returnPermits(request.most() - rows.size() + (int) again);
        }
        if (rows.size() < request.most()) {
            request.rooms().forEach((host, room) -> {
                if (taken.getOrDefault(host, 0) < room) {
                    field.exhausted(host);
                }
            });
        }
        return transfers;
    }

    /** @return the numbers of what is to be carried, which is all that travels there; as texts, which every endpoint takes */
    public List<String> dispatched(List<Transfer> claimed) {
        dispatched.values().removeIf(sent -> !runs.isHeld(sent.transfer()));
        return send(claimed);
    }

    private List<String> send(List<Transfer> transfers) {
        Instant now = Instant.now();
        transfers.forEach(transfer -> dispatched.put(transfer.id(), new Sent(transfer, now)));
        return transfers.stream().map(transfer -> Long.toString(transfer.id())).toList();
    }

    /** @return the transfer of that number; empty when this process has not claimed it, or it has begun its way already */
    public Optional<Transfer> take(long id) {
        return Optional.ofNullable(dispatched.remove(id)).map(Sent::transfer);
    }

    /**
     * @return numbers of a field's transfers that have been under way for long, as texts. None of them is carried here; that
     *     another process still does costs a second download
     */
    public List<String> overdue(FieldRun field) {
        Instant before = Instant.now().minus(sendsAgain);
        return send(dispatched.values().stream()
                .filter(sent -> sent.at().isBefore(before))
                .map(Sent::transfer)
                .filter(transfer ->
                        transfer.run() == field.run().id() && transfer.entry().equals(field.name()))
                .toList());
    }

    /**
     * @param rows of {@code read-claim.sql}
     * @return the transfer that another process has claimed, and is carried here; null when it has ended meanwhile
     */
    public Transfer assist(List<Transfer> rows) {
        if (rows.isEmpty()) {
            return null;
        }
        Transfer transfer = rows.get(0);
        runs.assist(transfer);
        return transfer;
    }

    /** @return parameters of {@code ended-claims.sql} */
    public Map<String, Object> inFlight(FieldRun field) {
        return Map.of("ids", field.inFlight(), "run", field.run().id());
    }

    /** @param ended rows of {@code ended-claims.sql} */
    public void learn(FieldRun field, List<ClaimState> ended) {
        for (ClaimState state : ended) {
            dispatched.remove(state.id());
            field.learnt(state);
        }
    }

    /** @return parameters of {@code recover-claims.sql} */
    public Map<String, Object> recoveryParameters() {
        return Map.of(
                "worker",
                worker.id(),
                "space",
                worker.lockSpace(),
                "runs",
                runs.current().stream().mapToLong(Run::id).toArray());
    }

    private boolean keepsAway(String host) {
        return pace.closedFor(host).compareTo(RetryPolicy.LONGEST_WAIT_IN_RUN) > 0;
    }

    private static int batch(FieldRun field) {
        return field.run().options().batchSize().orElse(field.entry().batch());
    }

    private boolean request(FieldRun field) {
        int batch = batch(field);
        int wanted = Math.min(circuits.room(field), Math.min(batch, HELD_BATCHES * batch - field.held()));
        if (wanted <= 0) {
            return false;
        }
        Map<String, Integer> rooms = rooms(field, wanted);
        if (rooms.isEmpty()) {
            giveBack(field);
            return false;
        }
        boolean again = field.run().exhausted();
        int most = again ? field.pendingRetries() : field.run().takePermits(wanted);
        if (most == 0) {
            giveBack(field);
            return false;
        }
        requests.put(field, new Request(worker.id(), rooms, most, again));
        return true;
    }

    /**
     * Shares what is wanted among the hosts that have rows: first those with a pace, as much as that lets go soon; the rest
     * gets the same each, unless the run has a limit, which is for the nearest deadlines whatever their host.
     */
    private Map<String, Integer> rooms(FieldRun field, int wanted) {
        Map<String, Integer> rooms = new HashMap<>();
        List<String> unpaced = new ArrayList<>();
        int left = wanted;
        for (String host : field.openHosts()) {
            if (keepsAway(host)) {
                field.postpone(host);
            } else if (pace.isPaced(host)) {
                int room = pace.room(host, wanted);
                left -= put(rooms, host, room);
            } else {
                unpaced.add(host);
            }
        }
        boolean limited = field.run().options().limit().isPresent();
        int places = unpaced.isEmpty() ? 0 : promise(field, left);
        for (String host : unpaced) {
            int share = limited ? places : Math.max(1, places / unpaced.size());
            put(rooms, host, places == 0 ? 0 : pace.room(host, share));
        }
        return rooms;
    }

    private static int put(Map<String, Integer> rooms, String host, int room) {
        if (room > 0) {
            rooms.put(host, room);
        }
        return room;
    }

    /**
     * Rows that need not wait for their host are claimed only when the queue of the ferry takes them at once: a field that
     * sat there handing over rows of one slow host would not look after its others.
     */
    private int promise(FieldRun field, int wanted) {
        synchronized (promised) {
            promised.keySet().removeIf(other -> other.run().abandoned());
            int places = PLACES
                    - queued.getAsInt()
                    - promised.values().stream().mapToInt(Integer::intValue).sum();
            int most = Math.min(wanted, PLACES / 2);
            if (most <= 0 || places < most) {
                return 0;
            }
            promised.put(field, most);
            return most;
        }
    }
}
