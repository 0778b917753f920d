package dev.mediaferry.derivatives;

import dev.mediaferry.ledger.Database;
import dev.mediaferry.ledger.RecordMapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What the ledger knows of films while they are worked on: a job may take an hour, and others ask how far it is. */
public final class FilmLedger {

    private final JdbcClient database;
    private final TransactionTemplate transaction;

    public FilmLedger(Database database) {
        this.database = database.client();
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(database.pool()));
    }

    /**
     * A playlist that is there.
     *
     * @param kind playlist or master
     * @param stream what a master playlist says of it; null for a master
     */
    public record Playlist(
            String kind, int size, int version, String storageKey, String cdnUrl, String sha256, String stream) {}

    /** @return those of all rungs, from the lowest */
    public List<Playlist> rungs(String bucket, String objectKey) {
        return playlists(bucket, objectKey).stream()
                .filter(one -> one.kind().equals(Slot.Kind.PLAYLIST.label()))
                .toList();
    }

    /** @return the one that leads to the others */
    public Optional<Playlist> master(String bucket, String objectKey) {
        return playlists(bucket, objectKey).stream()
                .filter(one -> one.kind().equals(Slot.Kind.MASTER.label()))
                .findFirst();
    }

    private List<Playlist> playlists(String bucket, String objectKey) {
        return statement("films-rungs")
                .param("bucket", bucket)
                .param("objectKey", objectKey)
                .query(new RecordMapper<>(Playlist.class))
                .list();
    }

    /**
     * Writes down what a job has made that is not done yet.
     *
     * @param streams what a master playlist says of a rung, by the key of its own playlist
     */
    void keep(JobResult made, Map<String, String> streams) {
        Map<String, Object> parameters = new HashMap<>(made.parameters());
        parameters.put("state", "claimed");
        transaction.executeWithoutResult(status -> {
            statement("derive-settle").params(parameters).update();
            streams.forEach((key, stream) -> made.outputs().stream()
                    .filter(output ->
                            output.stored() != null && output.stored().key().equals(key))
                    .forEach(output -> statement("films-stream")
                            .param("objectKey", made.job().objectKey())
                            .param("bucket", made.job().bucket())
                            .param("size", output.slot().size())
                            .param("key", key)
                            .param("stream", stream)
                            .update()));
        });
    }

    /** Forgets why a size is not there that the film does not fill. */
    void forget(Job job, int size) {
        statement("films-forget")
                .param("objectKey", job.objectKey())
                .param("bucket", job.bucket())
                .param("size", size)
                .update();
    }

    private JdbcClient.StatementSpec statement(String name) {
        return database.sql(Database.statement(name));
    }
}
