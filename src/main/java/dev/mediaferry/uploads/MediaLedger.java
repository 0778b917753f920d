package dev.mediaferry.uploads;

import dev.mediaferry.derivatives.NewJobs;
import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The media in the ledger. Each call is a transaction of its own, with the events that the database writes of what it changes.
 * A call that changes a state answers false where the medium is in another one than it must be: somebody else was first.
 */
public final class MediaLedger {

    private final JdbcClient database;
    private final TransactionTemplate transaction;
    private final UploadObserver observer;

    public MediaLedger(Database database) {
        this(database, UploadObserver.NONE);
    }

    public MediaLedger(Database database, UploadObserver observer) {
        this.observer = observer;
        this.database = database.client();
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(database.pool()));
    }

    public void create(NewUpload upload) {
        statement("media-create").paramSource(upload).update();
        observer.opened(upload.mediaType());
    }

    public Optional<Medium> find(UUID id) {
        return find(id, null);
    }

    /** @param userId whose medium it has to be; null for anybody's */
    public Optional<Medium> find(UUID id, String userId) {
        return statement("media-find")
                .param("id", id)
                .param("userId", userId)
                .query(new RecordMapper<>(Medium.class))
                .optional();
    }

    public List<Medium> list(MediaQuery query) {
        return statement("media-list")
                .paramSource(query)
                .query(new RecordMapper<>(Medium.class))
                .list();
    }

    /** Those of these that are there, in any order. */
    public List<Medium> some(Collection<UUID> ids) {
        return statement("media-some")
                .param("ids", ids.toArray(UUID[]::new))
                .query(new RecordMapper<>(Medium.class))
                .list();
    }

    /** Media that had a link elsewhere, the newest first. */
    public List<Medium> byUrl(String url) {
        return statement("media-by-url")
                .param("url", url)
                .query(new RecordMapper<>(Medium.class))
                .list();
    }

    /** Notes that somebody is led to the objects of media: what nobody fetches for long may go to a colder class. */
    public void fetched(List<UUID> ids) {
        if (!ids.isEmpty()) {
            statement("media-fetched").param("ids", ids.toArray(UUID[]::new)).update();
        }
    }

    /** @return empty for a medium that was never uploaded here, or whose incoming object is removed */
    public Optional<UploadSession> session(UUID id) {
        return statement("media-session")
                .param("id", id)
                .query(new RecordMapper<>(UploadSession.class))
                .optional();
    }

    /** What happened to a medium, also to one that is deleted, in order. */
    public List<MediaEvent> events(UUID id) {
        return statement("media-events")
                .param("id", id)
                .query(new RecordMapper<>(MediaEvent.class))
                .list();
    }

    /** @return how much there is, the most first */
    public List<MediaUsage> usage(MediaUsage.By by, int limit) {
        return statement("media-usage")
                .param("by", by.name())
                .param("limit", limit)
                .query(new RecordMapper<>(MediaUsage.class))
                .list();
    }

    /** Notes that something of an upload was seen. */
    public void begun(UUID id) {
        statement("media-begun").param("id", id).update();
    }

    /** Notes which multipart upload of the store an upload is, where its client has begun that itself. */
    void adopt(UUID id, String uploadId, long partSize) {
        statement("media-adopt-upload")
                .param("id", id)
                .param("uploadId", uploadId)
                .param("partSize", partSize)
                .update();
    }

    /**
     * Reserves a PENDING medium for the one who completes it.
     *
     * @param seconds after which others may, should this process die
     * @return until when; empty when somebody else has it, or nothing is left to complete
     */
    public Optional<Instant> lease(UUID id, int seconds) {
        return statement("media-lease")
                .param("id", id)
                .param("seconds", seconds)
                .query((row, number) -> row.getTimestamp("lease_until").toInstant())
                .optional();
    }

    /**
     * Goes on with a lease.
     *
     * @param lease as it was had
     * @return false when it has ended and somebody else has the medium, or nothing is left to complete
     */
    public boolean hold(UUID id, Instant lease, int seconds) {
        return statement("media-hold")
                        .param("id", id)
                        .param("lease", Timestamp.from(lease))
                        .param("seconds", seconds)
                        .update()
                == 1;
    }

    /** Ends a lease, so that others need not wait. */
    public void release(UUID id) {
        statement("media-release").param("id", id).update();
    }

    /** @return false when the medium is no longer PENDING, so that nobody completes it */
    public boolean renew(UUID id, int seconds) {
        return statement("media-renew")
                        .param("id", id)
                        .param("seconds", seconds)
                        .update()
                == 1;
    }

    /**
     * Notes what the copy of an upload becomes.
     *
     * @param etag of the bytes that are copied
     * @return false when the medium is no longer PENDING, so that nobody wants it
     */
    public boolean copying(UUID id, String copyId, String etag) {
        return statement("media-copying")
                        .param("id", id)
                        .param("copyId", copyId)
                        .param("etag", etag)
                        .update()
                == 1;
    }

    /** PENDING to UPLOADED. */
    public boolean uploaded(VerifiedUpload upload) {
        return statement("media-uploaded").paramSource(upload).update() == 1;
    }

    /** PENDING to UPLOADED to READY in one transaction, for what nothing is derived from. */
    public boolean uploadedAndReady(VerifiedUpload upload) {
        return Boolean.TRUE.equals(transaction.execute(status -> uploaded(upload) && ready(upload.id())));
    }

    /** PENDING to UPLOADED, and in the same transaction to READY, unless it has to wait for what is asked for with it. */
    public boolean uploaded(VerifiedUpload upload, NewJobs jobs) {
        return Boolean.TRUE.equals(
                transaction.execute(status -> uploaded(upload) && (ask(jobs) || ready(upload.id()))));
    }

    private boolean ask(NewJobs jobs) {
        if (!jobs.groups().isEmpty()) {
            statement("derive-ask")
                    .param("entry", null)
                    .param("mediaType", jobs.mediaType())
                    .param("mediaId", jobs.mediaId())
                    .param("bucket", jobs.bucket())
                    .param("objectKey", jobs.objectKey())
                    .param("contentType", jobs.contentType())
                    .param("kinds", jobs.kinds())
                    .param("parts", jobs.parts())
                    .param("priorities", jobs.priorities())
                    .param("required", jobs.required())
                    .update();
        }
        return jobs.areRequired();
    }

    /** Has the next sweep remove an object that came under a medium's key, where the medium was deleted meanwhile. */
    public void promotedTooLate(UUID id, String etag) {
        statement("media-reopen").param("id", id).param("etag", etag).update();
    }

    /** UPLOADED to PROCESSING. */
    public boolean processing(UUID id) {
        return statement("media-processing").param("id", id).update() == 1;
    }

    /** UPLOADED or PROCESSING to READY. */
    public boolean ready(UUID id) {
        return statement("media-ready").param("id", id).update() == 1;
    }

    /**
     * PENDING, UPLOADED or PROCESSING to FAILED.
     *
     * @param failure a short name, like {@code cancelled}
     * @param message a sentence for the user, or null
     */
    public boolean failed(UUID id, String failure, String message) {
        Optional<FailedMedium> failed = statement("media-failed")
                .param("id", id)
                .param("failure", failure)
                .param("message", message)
                .query(new RecordMapper<>(FailedMedium.class))
                .optional();
        failed.ifPresent(observer::failed);
        return failed.isPresent();
    }

    /** FAILED to UPLOADED, for what has failed after its object was under its own key. */
    public boolean retried(UUID id) {
        return statement("media-retried").param("id", id).update() == 1;
    }

    /**
     * Has what was given up of a medium be made again. A medium that has FAILED is UPLOADED again, or READY when nothing is left to be made.
     *
     * @param kind of the jobs; null for all
     * @param part of the jobs; null for all
     * @return false when nothing of it has failed, or it never was uploaded
     */
    public boolean retried(Medium medium, String kind, String part) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            int jobs = statement("derive-retry")
                    .param("objectKey", medium.storageKey())
                    .param("bucket", medium.bucket())
                    .param("kind", kind)
                    .param("part", part)
                    .update();
            boolean failed = retried(medium.id());
            if (failed) {
                statement("media-ready-if-made").param("id", medium.id()).update();
            }
            return failed || jobs > 0;
        }));
    }

    /**
     * Deletes a row; foreign keys of the application's tables do what they say. Its objects are removed by the next sweep.
     *
     * @param userId whose medium it has to be; null for anybody's
     * @return false when there is none
     * @throws MediumInUseException when a foreign key does not let it go
     */
    public boolean delete(UUID id, String userId) {
        try {
            return statement("media-delete")
                            .param("id", id)
                            .param("userId", userId)
                            .update()
                    == 1;
        } catch (DataAccessException e) {
            throw FailureClassifier.referringTable(e)
                    .<RuntimeException>map(table -> new MediumInUseException(id, table, e))
                    .orElse(e);
        }
    }

    /**
     * Attaches media to an owner, in this order, after those that it has.
     *
     * @throws AttachRefusedException when one of them cannot be; then none is
     */
    public void attach(String ownerType, String ownerId, String userId, List<UUID> media) {
        attaching(() -> call(ownerType, ownerId, userId, media));
    }

    /**
     * Makes these, in this order, the media that an owner has of this user: attaches what it has not, detaches what is not named.
     *
     * @throws AttachRefusedException when one of them cannot be attached; then nothing changes
     */
    public void rearrange(String ownerType, String ownerId, String userId, List<UUID> media) {
        attaching(() -> transaction.executeWithoutResult(status -> {
            owned("media-detach-others", ownerType, ownerId)
                    .param("userId", userId)
                    .param("media", media.toArray(UUID[]::new))
                    .update();
            call(ownerType, ownerId, userId, media);
            owned("media-reorder", ownerType, ownerId)
                    .param("media", media.toArray(UUID[]::new))
                    .update();
        }));
    }

    /**
     * Detaches all media that an owner has.
     *
     * @param userId whose media these have to be; null for anybody's
     * @return how many
     */
    public int detach(String ownerType, String ownerId, String userId) {
        return owned("media-detach-others", ownerType, ownerId)
                .param("userId", userId)
                .param("media", new UUID[0])
                .update();
    }

    /** The media of an owner, in order. */
    public List<Medium> attached(String ownerType, String ownerId) {
        return owned("media-attached", ownerType, ownerId)
                .query(new RecordMapper<>(Medium.class))
                .list();
    }

    private void call(String ownerType, String ownerId, String userId, List<UUID> media) {
        owned("media-attach", ownerType, ownerId)
                .param("userId", userId)
                .param("media", media.toArray(UUID[]::new))
                .query(Object.class)
                .list();
    }

    private JdbcClient.StatementSpec owned(String name, String ownerType, String ownerId) {
        return statement(name).param("ownerType", ownerType).param("ownerId", ownerId);
    }

    /** @return how far the work on each of these is, from 0 to 1; nothing for those that nothing is known of */
    Map<UUID, Double> progress(Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        return statement("media-progress")
                .param("ids", ids.toArray(new UUID[0]))
                .query(new RecordMapper<>(Progress.class))
                .list()
                .stream()
                .collect(Collectors.toMap(Progress::id, Progress::share));
    }

    private record Progress(UUID id, double share) {}

    private JdbcClient.StatementSpec statement(String name) {
        return database.sql(Database.statement(name));
    }

    private static void attaching(Runnable work) {
        try {
            work.run();
        } catch (DataAccessException e) {
            throw FailureClassifier.sqlState(e)
                    .flatMap(MediaLedger::reason)
                    .<RuntimeException>map(reason -> new AttachRefusedException(
                            reason, FailureClassifier.sentence(e).replaceFirst("^[A-Z]+: ", ""), e))
                    .orElse(e);
        }
    }

    /** What {@code mediaferry.attach} raises. */
    private static Optional<AttachRefusedException.Reason> reason(String state) {
        return switch (state) {
            case "P0002" -> Optional.of(AttachRefusedException.Reason.UNKNOWN);
            case "55000" -> Optional.of(AttachRefusedException.Reason.NOT_UPLOADED);
            case "23505" -> Optional.of(AttachRefusedException.Reason.ELSEWHERE);
            case "22023" -> Optional.of(AttachRefusedException.Reason.INVALID);
            default -> Optional.empty();
        };
    }
}
