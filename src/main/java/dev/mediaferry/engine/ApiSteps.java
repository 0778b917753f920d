package dev.mediaferry.engine;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mediaferry.api.ApiAnswer;
import dev.mediaferry.api.ApiRequest;
import dev.mediaferry.api.ApiSettings;
import dev.mediaferry.api.Caller;
import dev.mediaferry.api.IdempotencyKeys;
import dev.mediaferry.api.IdempotencyKeys.Answered;
import dev.mediaferry.api.IdempotencyKeys.Begun;
import dev.mediaferry.api.IdempotencyKeys.Claim;
import dev.mediaferry.api.Problem;
import dev.mediaferry.api.ProblemException;
import dev.mediaferry.api.ProblemType;
import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.uploads.UploadLimits;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.Router;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Between HTTP and the records that routes of the API work with. */
final class ApiSteps {

    private static final Logger LOG = LoggerFactory.getLogger(ApiSteps.class);

    /** Names the part of a path that admits by itself. */
    private static final String UPLOADER = "uploader";

    /** SQLSTATE of a text with U+0000 in it. */
    private static final String UNTRANSLATABLE = "22021";

    /** Retry-After, in seconds, while the database or the store is away. */
    private static final String LATER = "5";

    private static final String CLAIM = "claim";

    private final IdempotencyKeys keys;
    private final UploadLimits limits;
    private final Predicate<String> known;

    /** @param known tells whether there is such a user */
    ApiSteps(IdempotencyKeys keys, UploadLimits limits, Predicate<String> known) {
        this.keys = keys;
        this.limits = limits;
        this.known = known;
    }

    /** @return that of the server that answers clients */
    static Router router(CamelContext context, ApiSettings api) {
        return VertxPlatformHttpRouter.lookup(context, VertxPlatformHttpRouter.getRouterNameFromPort(api.port()));
    }

    void bind(Main main) {
        main.bind("apiHeaders", new ApiHeaders());
        main.bind("apiJson", JsonMapper.builder().build());
        main.bind("api-request", (Processor) this::receive);
        main.bind("api-answer", (Processor) ApiSteps::answer);
        main.bind("api-answered", (Processor) this::keep);
        main.bind("api-problem", (Processor) this::refuse);
    }

    /**
     * Makes the body an {@link ApiRequest}; or an answer, where the same request was answered before, and ends the route.
     *
     * @throws ProblemException for a request whose token nobody has verified: whatever stands before the routes, it did not do that
     */
    private void receive(Exchange exchange) {
        Message message = exchange.getMessage();
        if (!(message.getHeader(VertxPlatformHttpConstants.AUTHENTICATED_USER) instanceof User user)
                || !(message instanceof HttpMessage http)) {
            throw new ProblemException(ProblemType.UNAUTHENTICATED, "send a token of your application");
        }
        HttpServerRequest request = http.getRequest();
        Map<String, String> path = new HashMap<>();
        message.getHeaders().forEach((name, value) -> {
            if (!name.startsWith("Camel") && value instanceof String text) {
                path.put(name, text);
            }
        });
        Caller caller = Caller.of(user.principal());
        // What stands in the path of an upload opens the addresses that have such a token, and these open to nothing
        // else.
        if (caller.mediaType().isPresent() != path.containsKey(UPLOADER)) {
            throw new ProblemException(ProblemType.UNAUTHENTICATED, "this token is not good for this address");
        }
        path.remove(UPLOADER);
        byte[] body = message.getBody(byte[].class);
        ApiRequest received = new ApiRequest(
                caller,
                path,
                new QueryStringDecoder(request.uri()).parameters(),
                request.getHeader(HttpHeaders.CONTENT_TYPE),
                body == null ? new byte[0] : body);
        message.removeHeaders("*");
        message.setBody(received);
        if (!known.test(received.caller().user())) {
            throw new ProblemException(ProblemType.NOT_FOUND, "the application has no such user");
        }
        if (HttpMethod.POST.equals(request.method())) {
            once(exchange, received, request);
        }
    }

    private void once(Exchange exchange, ApiRequest received, HttpServerRequest request) {
        List<String> given = request.headers().getAll("Idempotency-Key");
        if (given.isEmpty()) {
            return;
        }
        limits.admitKey(received.caller().user());
        Begun begun = keys.begin(received.caller(), given, request.method().name(), request.uri(), received.body());
        begun.claim().ifPresent(claim -> exchange.setProperty(CLAIM, claim));
        begun.answered().ifPresent(answered -> {
            Message message = exchange.getMessage();
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, answered.status());
            message.setHeader(Exchange.CONTENT_TYPE, answered.contentType());
            message.setBody(answered.body());
            exchange.setRouteStop(true);
        });
    }

    /** Makes headers and body of an {@link ApiAnswer}. */
    private static void answer(Exchange exchange) {
        Message message = exchange.getMessage();
        ApiAnswer answer = message.getBody(ApiAnswer.class);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
        answer.headers().forEach(message::setHeader);
        message.setBody(answer.document());
    }

    /** Keeps what is about to be answered to a request with an Idempotency-Key. */
    private void keep(Exchange exchange) {
        Claim claim = exchange.getProperty(CLAIM, Claim.class);
        if (claim != null) {
            Message message = exchange.getMessage();
            String body = message.getBody(String.class);
            message.setBody(body);
            keys.answered(
                    claim,
                    new Answered(
                            message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class),
                            message.getHeader(Exchange.CONTENT_TYPE, String.class),
                            body));
        }
    }

    /** Makes a document of whatever was thrown. */
    private void refuse(Exchange exchange) {
        Throwable thrown = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        Problem problem = problem(thrown);
        if (problem.status() >= 500) {
            LOG.warn("{}: the API answers {}", exchange.getFromRouteId(), problem.status(), thrown);
        }
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, problem.status());
        message.setHeader(Exchange.CONTENT_TYPE, Problem.CONTENT_TYPE);
        if (problem.status() == 503) {
            message.setHeader("Retry-After", LATER);
        }
        if (problem.status() == 401) {
            message.setHeader("WWW-Authenticate", "Bearer realm=\"mediaferry\"");
        }
        problem.headers().forEach(message::setHeader);
        message.setBody(problem.json());
        keep(exchange);
    }

    private static Problem problem(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException refused) {
                return refused.problem();
            }
            if (cause instanceof SdkClientException
                    || (cause instanceof S3Exception answer && answer.statusCode() >= 500)) {
                return new Problem(ProblemType.UNAVAILABLE, "the object store does not answer");
            }
        }
        if (FailureClassifier.sqlState(thrown).filter(UNTRANSLATABLE::equals).isPresent()) {
            return new Problem(ProblemType.INVALID_REQUEST, "a text has a character that cannot be kept");
        }
        return FailureClassifier.isOutage(thrown)
                ? new Problem(ProblemType.UNAVAILABLE, "the database does not answer")
                : new Problem(ProblemType.INTERNAL, "the service's log says more");
    }
}
