package dev.mediaferry.engine;

import dev.mediaferry.fetch.MediaClient;
import dev.mediaferry.planning.PlanWriter;
import dev.mediaferry.planning.PlanWriterPage.Question;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.http.HttpConstants;
import org.apache.camel.main.Main;

/** The steps that ask a host for the size of a medium. The question stays in an exchange property. */
final class OutlineSteps {

    private static final String QUESTION = "question";

    private final PlanWriter outlines;

    OutlineSteps(PlanWriter outlines) {
        this.outlines = outlines;
    }

    void bind(Main main) {
        main.bind("outlines", outlines);
        main.bind("begin-question", (Processor)
                exchange -> exchange.setProperty(QUESTION, exchange.getMessage().getBody()));
        main.bind("ask-host", (Processor) this::ask);
        main.bind("receive-size", (Processor) this::receive);
    }

    private void ask(Exchange exchange) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        // The planner leaves no braces in a link, which Camel would take for placeholders.
        message.setHeader(
                HttpConstants.HTTP_URI,
                MediaClient.endpoint(
                        exchange.getProperty(QUESTION, Question.class).link()));
        message.setBody(null);
    }

    private void receive(Exchange exchange) {
        Message answer = exchange.getMessage();
        outlines.answered(
                exchange.getProperty(QUESTION, Question.class),
                answer.getHeader(HttpConstants.HTTP_RESPONSE_CODE, Integer.class),
                answer.getHeader("Content-Length", String.class));
        answer.removeHeaders("*");
    }
}
