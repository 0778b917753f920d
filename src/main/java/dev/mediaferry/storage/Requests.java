package dev.mediaferry.storage;

import dev.mediaferry.failure.ServiceUnreachableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks for many things at the same time. */
public final class Requests implements AutoCloseable {

    private final ExecutorService pool;

    /** @param most at a time */
    public Requests(int most) {
        pool = Executors.newFixedThreadPool(most);
    }

    /** @return an answer for each, in their order; the first failure in that order is thrown when all have ended */
    public <T> List<T> all(List<? extends Callable<T>> questions) {
        try {
            List<T> answers = new ArrayList<>(questions.size());
            for (Future<T> answer : pool.invokeAll(questions)) {
                answers.add(answer.get());
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceUnreachableException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
