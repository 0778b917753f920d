package dev.mediaferry.engine;

import dev.mediaferry.archive.ArchiveRow;
import dev.mediaferry.deadletter.AttemptRow;
import dev.mediaferry.deadletter.DeadLetterRequest;
import dev.mediaferry.deadletter.HistoryRequest;
import dev.mediaferry.deadletter.LetterCount;
import dev.mediaferry.deadletter.LetterRow;
import dev.mediaferry.deadletter.RetryJob;
import dev.mediaferry.deadletter.StaleSearch;
import dev.mediaferry.deadletter.TransferRow;
import dev.mediaferry.derivatives.DerivativeSweeps;
import dev.mediaferry.derivatives.Job;
import dev.mediaferry.derivatives.JobResult;
import dev.mediaferry.derivatives.Seat;
import dev.mediaferry.derivatives.Seats;
import dev.mediaferry.ferry.Reservation;
import dev.mediaferry.ferry.ResultRows;
import dev.mediaferry.ferry.ResultWriter;
import dev.mediaferry.ferry.StoredObjects;
import dev.mediaferry.ferry.SweepCandidate;
import dev.mediaferry.imports.FirstRecordFix;
import dev.mediaferry.ledger.Transfer;
import dev.mediaferry.ledger.TransferId;
import dev.mediaferry.ledger.Worker;
import dev.mediaferry.pace.HostLimitStore;
import dev.mediaferry.planning.ArchivePlanner;
import dev.mediaferry.planning.CandidatePage;
import dev.mediaferry.planning.ColumnPlanner;
import dev.mediaferry.planning.ColumnRow;
import dev.mediaferry.planning.FilePlanner;
import dev.mediaferry.planning.HeldRow;
import dev.mediaferry.planning.KnownRows;
import dev.mediaferry.planning.SkippedRows;
import dev.mediaferry.reference.Backfill;
import dev.mediaferry.removal.HolderSearch;
import dev.mediaferry.removal.RemovalPage;
import dev.mediaferry.rollback.MarkedObject;
import dev.mediaferry.rollback.RestoredRow;
import dev.mediaferry.rollback.Rollback;
import dev.mediaferry.rollback.RollbackOptions;
import dev.mediaferry.rollback.Rollbacks;
import dev.mediaferry.run.ClaimState;
import dev.mediaferry.run.ClaimedRow;
import dev.mediaferry.run.Claims;
import dev.mediaferry.run.FieldRun;
import dev.mediaferry.run.ProgressNote;
import dev.mediaferry.run.Run;
import dev.mediaferry.run.RunClosing;
import dev.mediaferry.run.RunOpening;
import dev.mediaferry.run.RunOutcome;
import dev.mediaferry.run.StorePauses;
import dev.mediaferry.steer.StandingOrder;
import dev.mediaferry.uploads.ColdMedium;
import dev.mediaferry.uploads.FailedMedium;
import dev.mediaferry.uploads.GoneOwner;
import dev.mediaferry.uploads.IncomingObject;
import dev.mediaferry.uploads.MediaClasses;
import dev.mediaferry.uploads.MediaSweep;
import dev.mediaferry.uploads.MovedMedium;
import dev.mediaferry.uploads.OwnerSearch;
import dev.mediaferry.uploads.StrayUploads;
import dev.mediaferry.uploads.SweepFinding;
import dev.mediaferry.uploads.Tombstone;
import dev.mediaferry.uploads.UploadRecovery;
import dev.mediaferry.uploads.UploadSearch;
import dev.mediaferry.webhooks.DeliveryResult;
import dev.mediaferry.webhooks.DeliveryRound;
import dev.mediaferry.webhooks.DueDelivery;
import java.util.List;
import java.util.Map;

/** Every statement that a route names, by route file, with the body that it takes its parameters from, and the record that its rows become. */
final class RouteStatements {

    private final Statements statements = new Statements();

    Statements all() {
        return statements;
    }

    RouteStatements migrate(Claims claims, StoredObjects objects) {
        statements
                .add("open-run", RunOpening.class)
                .add("run-outcomes", Run.class, Run::parameters)
                .rows(RunOutcome.class)
                .add("close-run", RunClosing.class)
                .add("note-progress", ProgressNote.class)
                .add("recover-claims", Object.class, body -> claims.recoveryParameters())
                .add("due-hosts", FieldRun.class, FieldRun::parameters)
                .rows(Claims.DueHost.class)
                .add("claim-rows", FieldRun.class, claims::sql, claims::parameters)
                .rows(ClaimedRow.class)
                .add("read-claim", Long.class, id -> Map.of("id", id))
                .rows(Transfer.class)
                .add("ended-claims", FieldRun.class, claims::inFlight)
                .rows(ClaimState.class)
                .add("sharers", List.class, claimed -> objects.ids(listed(claimed)))
                .rows(TransferId.class);
        return this;
    }

    RouteStatements workers(Worker worker) {
        statements.add("forget-workers", Object.class, body -> parameters(worker));
        return this;
    }

    private static Map<String, Object> parameters(Worker worker) {
        return Map.of("worker", worker.id(), "space", worker.lockSpace());
    }

    RouteStatements derivatives(Seats seats) {
        statements
                .add("derive-claim", Seat.class, Seat::parameters)
                .rows(Job.class)
                .add("derive-settle", JobResult.class, JobResult::parameters)
                .add("derive-recover", Object.class, body -> seats.recovery());
        return this;
    }

    RouteStatements plan(ColumnPlanner planner) {
        statements
                .add("count-skipped", FieldRun.class, planner::skippedSql, planner::parameters)
                .rows(SkippedRows.class)
                .add("read-page", FieldRun.class, planner::pageSql, planner::parameters)
                .rows(ColumnRow.class)
                .add("read-planned", FieldRun.class, planner::valuesSql, planner::planned)
                .rows(ColumnRow.class)
                .add("plan-transfers", CandidatePage.class, CandidatePage::parameters)
                .add("choose-transfers", CandidatePage.class, CandidatePage::parameters)
                .add("known-transfers", CandidatePage.class, CandidatePage::parameters)
                .rows(KnownRows.class)
                .add("held-transfers", CandidatePage.class, CandidatePage::parameters)
                .rows(HeldRow.class)
                .add("drop-moved", CandidatePage.class, CandidatePage::dropMovedSql, CandidatePage::parameters);
        return this;
    }

    RouteStatements archive(ArchivePlanner planner) {
        statements
                .add("count-archived", FieldRun.class, planner::skippedSql, planner::parameters)
                .rows(SkippedRows.class)
                .add("read-archive", FieldRun.class, planner::pageSql, planner::parameters)
                .rows(ArchiveRow.class)
                .add("revive-missing", CandidatePage.class, planner::revival);
        return this;
    }

    RouteStatements imports(FilePlanner planner) {
        statements
                .add("plan-files", FieldRun.class, planner::parameters)
                .rows(FilePlanner.Queued.class)
                .add("supersede-files", FieldRun.class, planner::parameters)
                .add("inventory-summary", FieldRun.class, planner::parameters)
                .rows(FilePlanner.Listed.class)
                .add("mark-first", FirstRecordFix.class, FirstRecordFix::sql, FirstRecordFix::parameters);
        return this;
    }

    RouteStatements relink(ResultWriter results, ResultRows rows) {
        statements
                .add("record-repairs", ResultWriter.Batch.class, rows::repairs)
                .add("record-failures", ResultWriter.Batch.class, rows::failures)
                .rows(TransferId.class)
                .add("relink-rows", ResultWriter.Batch.class, results::relinkSql, rows::relinks)
                .rows(ResultWriter.Relinked.class);
        return this;
    }

    RouteStatements rollback(Rollbacks rollbacks) {
        statements
                .add("rollback-page", Rollback.class, Rollback::pageParameters)
                .rows(Rollback.Row.class)
                .add("restore-batch", Rollback.Batch.class, Rollback.Batch::sql, Rollback.Batch::parameters)
                .rows(RestoredRow.class)
                .add("rollback-objects", Rollback.class, Rollback::objectParameters)
                .rows(MarkedObject.class)
                .add("rollback-removed", RemovalPage.class, RemovalPage::outcome)
                .add("rollback-release", RollbackOptions.class, rollbacks::releaseParameters);
        return this;
    }

    RouteStatements removal() {
        statements
                .add("removal-owners", RemovalPage.class, RemovalPage::parameters)
                .rows(RemovalPage.Owned.class)
                .add("find-holders", HolderSearch.class, HolderSearch::sql, HolderSearch::parameters)
                .rows(RemovalPage.Held.class)
                .add("retire-replaced")
                .add("sweep-candidates")
                .rows(SweepCandidate.class)
                .add("sweep-removed", RemovalPage.class, RemovalPage::swept)
                .add("derivative-removals")
                .rows(DerivativeSweeps.Leaving.class)
                .add("derivative-settled", RemovalPage.class, RemovalPage::swept);
        return this;
    }

    RouteStatements deadLetters() {
        statements
                .add("count-dead-letters", DeadLetterRequest.class, DeadLetterRequest::parameters)
                .rows(LetterCount.class)
                .add("dead-letters", DeadLetterRequest.class, DeadLetterRequest::parameters)
                .rows(LetterRow.class)
                .add("discard-dead-letters", DeadLetterRequest.class, DeadLetterRequest::parameters)
                .add("transfer", HistoryRequest.class)
                .rows(TransferRow.class)
                .add("attempts", HistoryRequest.class)
                .rows(AttemptRow.class)
                .add("held-letters", StaleSearch.class, StaleSearch::sql, StaleSearch::parameters)
                .rows(TransferId.class)
                .add("retry-letters", RetryJob.OfField.class, RetryJob.OfField::sql, RetryJob.OfField::parameters)
                .rows(RetryJob.Outcome.class);
        return this;
    }

    RouteStatements uploadSweeps(MediaClasses classes) {
        statements
                .add("gone-owners", OwnerSearch.class, OwnerSearch::sql, OwnerSearch::parameters)
                .rows(GoneOwner.class)
                .add("detach-gone", OwnerSearch.class, OwnerSearch::parameters)
                .add("media-sweep-candidates", MediaSweep.class, MediaSweep::candidates)
                .rows(SweepFinding.class)
                .add("media-expire")
                .rows(FailedMedium.class)
                .add("media-sweep-delete", MediaSweep.class, MediaSweep::deletions)
                .add("media-incoming", MediaSweep.class, MediaSweep::signatures)
                .rows(IncomingObject.class)
                .add("media-incoming-removed", IncomingObject.class)
                .add("media-tombstones")
                .rows(Tombstone.class)
                .add("media-settled", RemovalPage.class, RemovalPage::swept)
                .add("media-forget")
                .add("media-cold", MediaSweep.class, classes::parameters)
                .rows(ColdMedium.class)
                .add("media-moved", MovedMedium.class)
                .add("media-forget-events", MediaSweep.class, MediaSweep::memory)
                .add("media-unreported", MediaSweep.class, MediaSweep::unreported)
                .rows(UploadRecovery.Unreported.class)
                .add("media-looked", UploadSearch.class, search -> Map.of("mediaId", search.mediaId()))
                .add("media-known-uploads", StrayUploads.class, strays -> Map.of("uploads", strays.uploads()))
                .rows(StrayUploads.Known.class);
        return this;
    }

    RouteStatements webhooks() {
        statements
                .add("delivery-claim", DeliveryRound.class, DeliveryRound::claim)
                .rows(DueDelivery.class)
                .add("delivery-settle", DeliveryResult.class);
        return this;
    }

    RouteStatements references() {
        statements
                .add("fill-page", Backfill.class, Backfill::sql, Backfill::parameters)
                .rows(Backfill.Page.class);
        return this;
    }

    RouteStatements others() {
        statements
                .add("choose-key", Reservation.class)
                .add("removals", Reservation.class)
                .rows(StoredObjects.KeyUse.class)
                .add("standing-orders")
                .rows(StandingOrder.class)
                .add("recall-hosts")
                .rows(HostLimitStore.KnownHost.class)
                .add("remember-hosts", List.class, learnt -> HostLimitStore.parameters(listed(learnt)))
                .rows(HostLimitStore.ClosedHost.class)
                .add("remember-pauses", StorePauses.class);
        return this;
    }

    @SuppressWarnings("unchecked")
    private static <T> List<T> listed(List<?> body) {
        return (List<T>) body;
    }
}
