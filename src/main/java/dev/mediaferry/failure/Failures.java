package dev.mediaferry.failure;

import dev.mediaferry.address.AddressRefusedException;
import dev.mediaferry.link.InvalidLinkException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.RedirectException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ProtocolException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Tells from an exception, whatever library threw it, what kind of failure it is. */
public final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** @return the failure itself, or one made of the outermost cause that says something */
    public static TransferException of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            TransferException known = known(cause);
            if (known != null) {
                return known;
            }
        }
        LOG.error("unforeseen failure", thrown);
        return new TransferException(
                FailureKind.INTERNAL, thrown.getClass().getSimpleName() + ": " + thrown.getMessage(), thrown);
    }

    /**
     * Of what Spring does not classify.
     *
     * @return true when the database may take the very same statement a little later
     */
    public static boolean isPassing(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refusal) {
                // https://www.postgresql.org/docs/current/errcodes-appendix.html: lock_not_available, and class 25,
                // with
                // read_only_sql_transaction and the time limits of transactions.
                String state = String.valueOf(refusal.getSQLState());
                return state.equals("55P03") || state.startsWith("25");
            }
        }
        return false;
    }

    /**
     * PostgreSQL's query_canceled: a time limit, or an administrator.
     *
     * @return what happened and what helps, for a person; empty when it was something else
     */
    public static Optional<String> cancelled(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refusal && "57014".equals(refusal.getSQLState())) {
                return Optional.of("the database broke a statement off: " + refusal.getMessage()
                        + ". If that was its statement_timeout, give the user a longer one (alter role ... set"
                        + " statement_timeout = '1h'), or build the index that `mediaferry plan` prints for a large column");
            }
        }
        return Optional.empty();
    }

    private static TransferException known(Throwable cause) {
        if (cause instanceof TransferException transfer) {
            return transfer;
        }
        if (cause instanceof S3Exception s3) {
            return store(s3);
        }
        if (cause instanceof SdkException) {
            return failure(FailureKind.STORAGE_UNAVAILABLE, "the object store does not answer", cause);
        }
        if (cause instanceof DataAccessException) {
            return failure(FailureKind.STORAGE_UNAVAILABLE, "the ledger does not answer", cause);
        }
        if (cause instanceof AddressRefusedException) {
            return new TransferException(FailureKind.ADDRESS_REFUSED, cause.getMessage(), cause);
        }
        if (cause instanceof InvalidLinkException) {
            return failure(FailureKind.ADDRESS_REFUSED, "the link is none", cause);
        }
        if (cause instanceof RedirectException) {
            return new TransferException(FailureKind.BAD_REDIRECT, cause.getMessage(), cause);
        }
        if (cause instanceof ClientProtocolException && cause.getCause() != null) {
            return null;
        }
        return cause instanceof IOException || cause instanceof ProtocolException ? network(cause) : null;
    }

    private static TransferException network(Throwable cause) {
        if (cause instanceof UnknownHostException) {
            return failure(FailureKind.UNAVAILABLE, "the host name does not resolve", cause);
        }
        if (cause instanceof InterruptedIOException) {
            return failure(FailureKind.TIMEOUT, "the server is too slow", cause);
        }
        if (cause instanceof ConnectionClosedException) {
            return failure(FailureKind.TRUNCATED, "the connection ended before the medium did", cause);
        }
        if (cause instanceof ConnectException) {
            return failure(FailureKind.UNAVAILABLE, "the server refuses connections", cause);
        }
        if (cause instanceof SSLException) {
            return failure(FailureKind.UNAVAILABLE, "no secure connection", cause);
        }
        return failure(FailureKind.UNAVAILABLE, "the connection broke", cause);
    }

    private static TransferException store(S3Exception answer) {
        int status = answer.statusCode();
        if (answer instanceof NoSuchBucketException || status == 401 || status == 403) {
            return failure(
                    FailureKind.STORAGE_DENIED, "the object store lets nothing in (HTTP " + status + ")", answer);
        }
        boolean passing = status >= 500 || status == 408 || status == 429;
        return passing
                ? failure(FailureKind.STORAGE_UNAVAILABLE, "the object store answers HTTP " + status, answer)
                : failure(
                        FailureKind.STORAGE_REFUSED,
                        "the object store refuses the object (HTTP " + status + ")",
                        answer);
    }

    private static TransferException failure(FailureKind kind, String what, Throwable cause) {
        return new TransferException(kind, what + ": " + cause.getMessage(), cause);
    }
}
