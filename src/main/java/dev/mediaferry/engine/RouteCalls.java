package dev.mediaferry.engine;

import dev.mediaferry.failure.FailureClassifier;
import dev.mediaferry.failure.MediaferryException;
import dev.mediaferry.failure.ServiceUnreachableException;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.springframework.dao.DataAccessException;

/** Calls of routes whose answer somebody waits for; what a route fails with is said in our words. */
record RouteCalls(ProducerTemplate template) {

    /** @return a use case's way through the route of that id; what it answers is of the type */
    <Q, A> Function<Q, A> route(String id, Class<A> type) {
        return question -> request("direct:" + id, question, type, "");
    }

    /** @return a use case's way through the route of that id, which answers nothing */
    <Q> Consumer<Q> act(String id) {
        return question -> {
            Object unused = request("direct:" + id, question, Object.class, "");
        };
    }

    <T> T request(String route, Object options, Class<T> type) {
        return request(route, options, type, "; the next run goes on from here");
    }

    /** @param outlook what is said of a database that went away meanwhile */
    <T> T request(String route, Object options, Class<T> type, String outlook) {
        try {
            return template.requestBody(route, options, type);
        } catch (CamelExecutionException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof MediaferryException known) {
                    throw known;
                }
                boolean ofDatabase = cause instanceof DataAccessException || cause instanceof SQLException;
                if (ofDatabase && FailureClassifier.cancelled(cause).isPresent()) {
                    throw new ServiceUnreachableException(
                            FailureClassifier.cancelled(cause).get(), e);
                }
                if (ofDatabase) {
                    throw FailureClassifier.ended(cause, outlook);
                }
            }
            throw e;
        }
    }
}
