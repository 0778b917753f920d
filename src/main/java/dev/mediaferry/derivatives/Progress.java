package dev.mediaferry.derivatives;

import dev.mediaferry.ledger.Database;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How far jobs are that take their time. */
public final class Progress {

    private final JdbcClient database;

    public Progress(Database database) {
        this.database = database.client();
    }

    /**
     * Notes how far a job is.
     *
     * @param share from 0 to 1
     * @return false when the job was taken away meanwhile, so that going on is of no use
     */
    public boolean of(Job job, double share) {
        return database.sql(Database.statement("derive-progress"))
                        .param("progress", share)
                        .param("id", job.id())
                        .param("worker", job.worker())
                        .update()
                == 1;
    }
}
