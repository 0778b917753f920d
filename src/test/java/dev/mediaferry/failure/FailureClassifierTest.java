package dev.mediaferry.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.mediaferry.address.AddressGuard;
import dev.mediaferry.address.AddressRefusedException;
import dev.mediaferry.link.HostPatterns;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.camel.CamelExecutionException;
import org.apache.hc.client5.http.CircularRedirectException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.RedirectException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.UncategorizedSQLException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class FailureClassifierTest {

    static Stream<Arguments> exceptions() {
        return Stream.of(
                arguments(
                        new UnknownHostException("a.example"),
                        FailureKind.UNAVAILABLE,
                        "the host name does not resolve: "),
                arguments(
                        new SocketTimeoutException("Read timed out"), FailureKind.TIMEOUT, "the server is too slow: "),
                arguments(new InterruptedIOException("not done"), FailureKind.TIMEOUT, "the server is too slow: "),
                arguments(
                        new ConnectionClosedException("Premature end"),
                        FailureKind.TRUNCATED,
                        "the connection ended before the medium did: "),
                arguments(
                        new ConnectException("Connection refused"),
                        FailureKind.UNAVAILABLE,
                        "the server refuses connections: "),
                arguments(new NoRouteToHostException("no route"), FailureKind.UNAVAILABLE, "the connection broke: "),
                arguments(new SSLHandshakeException("expired"), FailureKind.UNAVAILABLE, "no secure connection: "),
                arguments(new SocketException("Connection reset"), FailureKind.UNAVAILABLE, "the connection broke: "),
                arguments(new EOFException("end"), FailureKind.UNAVAILABLE, "the connection broke: "),
                arguments(new IOException("broken"), FailureKind.UNAVAILABLE, "the connection broke: "),
                arguments(new NoHttpResponseException("silent"), FailureKind.UNAVAILABLE, "the connection broke: "),
                arguments(new MessageConstraintException("header"), FailureKind.UNAVAILABLE, "the connection broke: "),
                arguments(new ProtocolException("version"), FailureKind.UNAVAILABLE, "the connection broke: "),
                arguments(new ClientProtocolException("odd"), FailureKind.UNAVAILABLE, "the connection broke: "),
                arguments(new RedirectException("4 redirects"), FailureKind.BAD_REDIRECT, ""),
                arguments(new CircularRedirectException("circle"), FailureKind.BAD_REDIRECT, ""),
                arguments(
                        SdkClientException.create("no answer"),
                        FailureKind.STORAGE_UNAVAILABLE,
                        "the object store does not answer: "),
                arguments(
                        ApiCallTimeoutException.create(5),
                        FailureKind.STORAGE_UNAVAILABLE,
                        "the object store does not answer: "),
                arguments(
                        new DataAccessResourceFailureException("away"),
                        FailureKind.STORAGE_UNAVAILABLE,
                        "the ledger does not answer: "),
                arguments(
                        new QueryTimeoutException("slow"),
                        FailureKind.STORAGE_UNAVAILABLE,
                        "the ledger does not answer: "));
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void tellsTheKindFromTheException(Exception thrown, FailureKind kind, String sentence) {
        TransferException failure = FailureClassifier.of(thrown);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessage(sentence + thrown.getMessage()).hasCause(thrown);
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void looksForTheCauseWithinWrappers(Exception thrown, FailureKind kind, String sentence) {
        CamelExecutionException wrapped =
                new CamelExecutionException("in the route", null, new RuntimeException("wrapper", thrown));
        assertThat(FailureClassifier.of(wrapped).kind()).isEqualTo(kind);
        assertThat(FailureClassifier.of(wrapped)).hasMessage(sentence + thrown.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "400, STORAGE_DENIED",
        "401, STORAGE_DENIED",
        "403, STORAGE_DENIED",
        "404, STORAGE_DENIED",
        "408, STORAGE_UNAVAILABLE",
        "413, STORAGE_REFUSED",
        "429, STORAGE_UNAVAILABLE",
        "499, STORAGE_DENIED",
        "500, STORAGE_UNAVAILABLE",
        "503, STORAGE_UNAVAILABLE",
        "507, STORAGE_UNAVAILABLE",
    })
    void tellsTheKindFromTheStoresStatus(int status, FailureKind kind) {
        TransferException failure = FailureClassifier.of(
                S3Exception.builder().statusCode(status).message("no").build());
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.getMessage()).contains("HTTP " + status);
    }

    @Test
    void takesAMissingBucketForAWrongSetting() {
        assertThat(FailureClassifier.of(
                                NoSuchBucketException.builder().statusCode(404).build())
                        .kind())
                .isEqualTo(FailureKind.STORAGE_DENIED);
    }

    @Test
    void looksAgainForAnObjectThatHasJustGone() {
        assertThat(FailureClassifier.of(
                                NoSuchKeyException.builder().statusCode(404).build())
                        .kind())
                .isEqualTo(FailureKind.STORAGE_UNAVAILABLE);
    }

    @ParameterizedTest
    @CsvSource({
        "400, EntityTooLarge, STORAGE_REFUSED",
        "400, KeyTooLongError, STORAGE_REFUSED",
        "400, MetadataTooLarge, STORAGE_REFUSED",
        "400, ExpiredToken, STORAGE_DENIED",
        "400, InvalidToken, STORAGE_DENIED",
        "400, TokenRefreshRequired, STORAGE_DENIED",
        "400, InvalidRequest, STORAGE_DENIED",
        "400, InvalidArgument, STORAGE_DENIED",
        "400, AuthorizationHeaderMalformed, STORAGE_DENIED",
        "400, SomethingNew, STORAGE_DENIED",
        "403, AccessDenied, STORAGE_DENIED",
        "403, AccountProblem, STORAGE_DENIED",
        "403, RequestTimeTooSkewed, STORAGE_DENIED",
        "403, SignatureDoesNotMatch, STORAGE_DENIED",
        "403, QuotaExceeded, STORAGE_DENIED",
        "402, PaymentRequired, STORAGE_DENIED",
        "404, NoSuchBucket, STORAGE_DENIED",
        "404, NoSuchUpload, STORAGE_UNAVAILABLE",
        "400, RequestTimeout, STORAGE_UNAVAILABLE",
        "400, BadDigest, STORAGE_UNAVAILABLE",
        "400, SlowDown, STORAGE_UNAVAILABLE",
        "409, OperationAborted, STORAGE_UNAVAILABLE",
        "503, SlowDown, STORAGE_UNAVAILABLE",
    })
    void tellsTheKindFromTheStoresCode(int status, String code, FailureKind kind) {
        TransferException failure = FailureClassifier.of(refusal(status, code, "it says no"));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.getMessage()).contains("HTTP " + status + " " + code, "it says no");
    }

    @Test
    void takesMetadataThatTheStoreDoesNotLikeForThisObjectsFault() {
        assertThat(FailureClassifier.of(
                                refusal(400, "InvalidArgument", "Metadata value is not valid: x-amz-meta-sha256"))
                        .kind())
                .isEqualTo(FailureKind.STORAGE_REFUSED);
    }

    private static AwsServiceException refusal(int status, String code, String message) {
        return S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }

    @Test
    void keepsTheGuardsRefusalApartFromAnUnknownHost() {
        AddressRefusedException refused = refusal();
        assertThat(FailureClassifier.of(refused).kind()).isEqualTo(FailureKind.ADDRESS_REFUSED);
        assertThat(FailureClassifier.of(refused)).hasMessage(refused.getMessage());
    }

    @Test
    void looksBehindAnExceptionOfTheClientThatOnlyCarriesAnother() {
        ClientProtocolException carrier = new ClientProtocolException(new RedirectException("4 redirects"));
        assertThat(FailureClassifier.of(carrier).kind()).isEqualTo(FailureKind.BAD_REDIRECT);
    }

    @Test
    void handsOverWhatIsAFailureAlready() {
        TransferException failure =
                new TransferException(FailureKind.RATE_LIMITED, "later", Duration.ofSeconds(7), null);
        assertThat(FailureClassifier.of(failure)).isSameAs(failure);
        assertThat(FailureClassifier.of(new IllegalStateException(failure))).isSameAs(failure);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
    }

    @Test
    void callsInternalWhatNobodyForesaw() {
        TransferException failure = FailureClassifier.of(new IllegalStateException("what now"));
        assertThat(failure.kind()).isEqualTo(FailureKind.INTERNAL);
        assertThat(failure).hasMessage("IllegalStateException: what now");
        assertThat(failure.retryAfter()).isEmpty();
    }

    private static AddressRefusedException refusal() {
        try {
            new AddressGuard(Set.of(), HostPatterns.NONE, HostPatterns.NONE).resolve("127.0.0.1", 80);
            throw new AssertionError("was let through");
        } catch (AddressRefusedException e) {
            return e;
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "08006, AWAY",
        "57P01, AWAY",
        "57P03, AWAY",
        "57014, CUT",
        "40001, PASSING",
        "53300, PASSING",
        "55P03, PASSING",
        "25006, PASSING",
        "P0001, REFUSED",
        "PT403, REFUSED",
        "42703, REFUSED",
        "42501, REFUSED",
        "55000, REFUSED",
        "0A000, REFUSED"
    })
    void saysOnlyOfADatabaseThatWentAwayThatItDid(String state, String worth) {
        Throwable thrown = new CamelExecutionException(
                "in a route",
                null,
                new UncategorizedSQLException("task", "select 1", new SQLException("ERROR: so it is", state)));
        assertThat(FailureClassifier.isAway(thrown)).isEqualTo(worth.equals("AWAY"));
        assertThat(FailureClassifier.isOutage(thrown)).isEqualTo(!worth.equals("REFUSED"));
        assertThat(FailureClassifier.isRefusal(thrown)).isEqualTo(worth.equals("REFUSED"));
        assertThat(FailureClassifier.ended(thrown, ""))
                .hasMessageStartingWith(
                        switch (worth) {
                            case "CUT" ->
                                "the database broke a statement off: ERROR: so it is. If that was its statement_timeout";
                            case "AWAY" -> "the database went away: ERROR: so it is";
                            case "PASSING" -> "the database does not go on: ERROR: so it is";
                            default -> "the database refuses a statement: ERROR: so it is";
                        });
    }

    @Test
    void takesAConnectionThatIsNotToBeHadForADatabaseThatIsAway() {
        assertThat(FailureClassifier.isAway(
                        new SQLTransientConnectionException("mediaferry - Connection is not available")))
                .isTrue();
        assertThat(FailureClassifier.isRefusal(new IllegalStateException("ours")))
                .isFalse();
    }
}
