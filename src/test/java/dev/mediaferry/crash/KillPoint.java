package dev.mediaferry.crash;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Kills its own process (-9) at a step of a route. Only the crash tests have it on the class path; it is switched on by the
 * setting {@link #ON}.
 *
 * <p>System properties say where: {@code kill.uri} is what the endpoint's URI contains, {@code kill.when} is before or after,
 * {@code kill.at} is how often the step is reached until then.
 */
public final class KillPoint implements InterceptStrategy, CamelContextAware {

    /** Exit code of a process killed by signal 9, as the shell tells it. */
    static final int KILLED = 137;

    /** Setting that switches it on. */
    static final String ON = "camel.beans.killPoint=#class:dev.mediaferry.crash.KillPoint";

    private final String uri = System.getProperty("kill.uri");
    private final boolean before = "before".equals(System.getProperty("kill.when"));
    private final int at = Integer.getInteger("kill.at", 1);
    private final AtomicInteger reached = new AtomicInteger();

    private CamelContext context;

    /** @return options for Java that kill the process when it reaches a step for that time */
    static List<String> at(String uri, String when, int at) {
        return List.of("-Dkill.uri=" + uri, "-Dkill.when=" + when, "-Dkill.at=" + at);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
        context.getCamelContextExtension().addInterceptStrategy(this);
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode definition, Processor target, Processor nextTarget) {
        if (uri == null
                || !(definition instanceof ToDefinition to)
                || !to.getUri().contains(uri)) {
            return target;
        }
        return new DelegateAsyncProcessor(target) {
            @Override
            public void process(Exchange exchange) throws Exception {
                if (before) {
                    killOnce();
                }
                target.process(exchange);
                if (!before) {
                    killOnce();
                }
            }

            @Override
            public boolean process(Exchange exchange, org.apache.camel.AsyncCallback callback) {
                try {
                    process(exchange);
                } catch (Exception e) {
                    exchange.setException(e);
                }
                callback.done(true);
                return true;
            }
        };
    }

    private void killOnce() throws IOException {
        if (reached.incrementAndGet() == at) {
            new ProcessBuilder(
                            "kill", "-9", Long.toString(ProcessHandle.current().pid()))
                    .start();
            while (true) {
                LockSupport.park();
            }
        }
    }
}
