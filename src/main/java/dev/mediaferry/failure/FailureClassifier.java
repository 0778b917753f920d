package dev.mediaferry.failure;

import dev.mediaferry.address.AddressRefusedException;
import dev.mediaferry.link.InvalidLinkException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.RedirectException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ProtocolException;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Tells from an exception, whatever library threw it, what kind of failure it is. */
public final class FailureClassifier {

    /** What the server says of where it was, without the rows that were in its hands. */
    private static final Pattern FUNCTION = Pattern.compile("(PL/\\S+ function [^\\n]*?\\))");

    private static final Logger LOG = LoggerFactory.getLogger(FailureClassifier.class);

    /** Where in PostgreSQL's source {@code raise} fails; it is never translated. */
    private static final String RAISE = "exec_stmt_raise";

    private FailureClassifier() {}

    /** @return the failure itself, or one made of the outermost cause that says something */
    public static TransferException of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            TransferException known = known(cause);
            if (known != null) {
                return known;
            }
        }
        LOG.error("unforeseen failure", thrown);
        // Routes wrap what is no exception, and say nothing of it.
        Throwable said =
                causes(thrown).filter(Error.class::isInstance).findFirst().orElse(thrown);
        return new TransferException(
                FailureKind.INTERNAL, said.getClass().getSimpleName() + ": " + said.getMessage(), thrown);
    }

    /**
     * @return true when the database may take the very same statement a little later: it is away, out of something, read-only,
     *     or other transactions were in the way
     */
    public static boolean isOutage(Throwable thrown) {
        return isAway(thrown)
                || (!isRaised(thrown)
                        && sqlState(thrown)
                                .filter(state -> state.equals("55P03")
                                        || List.of("25", "40", "53", "57", "58").contains(state.substring(0, 2)))
                                .isPresent());
    }

    /** @return true when the database went away: its connections break, cannot be made, or are ended by it */
    public static boolean isAway(Throwable thrown) {
        return !isRaised(thrown)
                && sqlState(thrown)
                        .map(state -> state.startsWith("08") || state.startsWith("57P0"))
                        .orElseGet(() -> isOfConnection(thrown));
    }

    /** A trigger that raises may give any SQLSTATE to what is no failure of the database's own. */
    private static boolean isRaised(Throwable thrown) {
        return causes(thrown)
                .filter(PSQLException.class::isInstance)
                .map(cause -> ((PSQLException) cause).getServerErrorMessage())
                .anyMatch(message -> message != null && RAISE.equals(message.getRoutine()));
    }

    /** @return the table whose foreign key does not let a row go; since version 18 RESTRICT has a state of its own */
    public static Optional<String> referringTable(Throwable thrown) {
        return causes(thrown)
                .filter(PSQLException.class::isInstance)
                .map(cause -> ((PSQLException) cause).getServerErrorMessage())
                .filter(message -> message != null && List.of("23503", "23001").contains(message.getSQLState()))
                .map(message -> String.join(".", message.getSchema(), message.getTable()))
                .findFirst();
    }

    /** @return true when the database answered, and refuses the statement however often it is repeated */
    public static boolean isRefusal(Throwable thrown) {
        return causes(thrown).anyMatch(cause -> cause instanceof SQLException || cause instanceof DataAccessException)
                && !isOutage(thrown);
    }

    /** @return what the database itself says, its first line */
    public static String sentence(Throwable thrown) {
        return causes(thrown)
                .filter(cause -> cause instanceof SQLException)
                .map(cause -> String.valueOf(cause.getMessage()))
                .findFirst()
                .orElseGet(() -> String.valueOf(thrown.getMessage()))
                .lines()
                .findFirst()
                .orElse("");
    }

    /** @return a function of the database that has raised it, such as a trigger's */
    private static Optional<String> function(Throwable thrown) {
        return causes(thrown)
                .filter(PSQLException.class::isInstance)
                .map(cause -> ((PSQLException) cause).getServerErrorMessage())
                .filter(message -> message != null && message.getWhere() != null)
                .map(message -> FUNCTION.matcher(message.getWhere()))
                .filter(Matcher::find)
                .map(where -> where.group(1))
                .findFirst();
    }

    /**
     * What ends a command whose statement failed.
     *
     * @param further what is said of a database that may be well again
     */
    public static MediaferryException ended(Throwable thrown, String further) {
        if (!isOutage(thrown)) {
            return new StatementRefusedException(
                    "the database refuses a statement: " + sentence(thrown)
                            + function(thrown).map(name -> " (in " + name + ")").orElse(""),
                    thrown);
        }
        Optional<String> cancelled = cancelled(thrown);
        if (cancelled.isPresent()) {
            return new ServiceUnreachableException(cancelled.get(), thrown);
        }
        String what = isAway(thrown) ? "the database went away" : "the database does not go on";
        return new ServiceUnreachableException(what + further + ": " + sentence(thrown), thrown);
    }

    private static boolean isOfConnection(Throwable thrown) {
        return causes(thrown)
                .anyMatch(cause -> cause instanceof SQLTransientException
                        || cause instanceof SQLRecoverableException
                        || cause instanceof SQLNonTransientConnectionException
                        || cause instanceof NonTransientDataAccessResourceException
                        || cause instanceof TransientDataAccessException
                        || cause instanceof RecoverableDataAccessException);
    }

    /** https://www.postgresql.org/docs/current/errcodes-appendix.html */
    public static Optional<String> sqlState(Throwable thrown) {
        return causes(thrown)
                .filter(SQLException.class::isInstance)
                .map(cause -> ((SQLException) cause).getSQLState())
                .filter(state -> state != null && state.length() == 5)
                .findFirst();
    }

    private static Stream<Throwable> causes(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause);
    }

    /**
     * PostgreSQL's query_canceled: a time limit, or an administrator.
     *
     * @return what happened and what helps, for a person; empty when it was something else
     */
    public static Optional<String> cancelled(Throwable thrown) {
        if (isRaised(thrown)) {
            return Optional.empty();
        }
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refusal && "57014".equals(refusal.getSQLState())) {
                return Optional.of(
                        "the database broke a statement off: " + refusal.getMessage()
                                + ". If that was its statement_timeout, give the user a longer one (alter role ... set"
                                + " statement_timeout = '1h'), or build the index that `mediaferry plan` prints for a large column");
            }
        }
        return Optional.empty();
    }

    /** @return true when a time limit, or an administrator, broke the statement off: it has had patience already */
    public static boolean isCancelled(Throwable thrown) {
        return cancelled(thrown).isPresent();
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
            return isOutage(cause)
                    ? failure(FailureKind.STORAGE_UNAVAILABLE, "the ledger does not answer", cause)
                    : new TransferException(
                            FailureKind.INTERNAL, "the database refuses a statement: " + sentence(cause), cause);
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
        String code = code(answer);
        FailureKind kind = answer instanceof NoSuchBucketException
                ? FailureKind.STORAGE_DENIED
                : StoreAnswers.kind(status, code, answer.getMessage());
        String says = "HTTP " + status + (code == null ? "" : " " + code);
        return switch (kind) {
            case STORAGE_DENIED -> failure(kind, "the object store lets nothing in (" + says + ")", answer);
            case STORAGE_UNAVAILABLE -> failure(kind, "the object store answers " + says, answer);
            default -> failure(kind, "the object store refuses the object (" + says + ")", answer);
        };
    }

    private static String code(S3Exception answer) {
        if (answer instanceof NoSuchKeyException) {
            return "NoSuchKey";
        }
        return answer.awsErrorDetails() == null
                ? null
                : answer.awsErrorDetails().errorCode();
    }

    /** @return true when a store did not do what it was asked for: no S3 operation failed otherwise */
    public static boolean isOfStore(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SdkException) {
                return true;
            }
        }
        return false;
    }

    private static TransferException failure(FailureKind kind, String what, Throwable cause) {
        return new TransferException(kind, what + ": " + cause.getMessage(), cause);
    }
}
