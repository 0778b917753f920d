package dev.mediaferry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mediaferry.fixture.RouteTestSupport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The way of a question to the user's application, and of its answer. */
class ResolveOrderTest extends RouteTestSupport {

    private final List<Object> received = new ArrayList<>();
    private MockEndpoint application;
    private MockEndpoint settled;

    ResolveOrderTest() {
        super("resolve-link", "resolver-failures");
    }

    /** What the route refers to. */
    public static final class Answers {

        public String unreadable(Object lost) {
            return lost + ": no JSON";
        }

        public String unanswered(Object lost, Throwable cause) {
            return lost + ": " + cause.getMessage();
        }
    }

    @Override
    protected void bindToRegistry(Registry registry) throws Exception {
        registry.bind("ask-application", (Processor) exchange -> {
            Map<String, String> question = new LinkedHashMap<>();
            question.put("id", "ann-ä");
            question.put("link", "https://cdn.example/\"1\"");
            exchange.setProperty("lost", "lost");
            exchange.getMessage().setBody(question);
        });
        registry.bind("receive-link", (Processor) exchange -> {
            received.add(exchange.getMessage().getBody());
            exchange.getMessage().setBody("settlement");
        });
        registry.bind("resolver", new Answers());
    }

    @BeforeEach
    void replaceWhatIsCalled() throws Exception {
        AdviceWith.adviceWith(context, "resolve-link", advice -> {
            advice.replaceFromWith("direct:lost-links");
            advice.weaveByToUri("http:resolver*").replace().to("mock:application");
        });
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                // The error policy sends there as well.
                from("direct:settle").to("mock:settled");
            }
        });
        context.start();
        application = getMockEndpoint("mock:application");
        settled = getMockEndpoint("mock:settled");
    }

    @Test
    void sendsTheQuestionAsJsonAndReadsTheAnswerAsJson() throws Exception {
        application.expectedBodiesReceived("{\"id\":\"ann-ä\",\"link\":\"https://cdn.example/\\\"1\\\"\"}");
        application.whenAnyExchangeReceived(exchange -> answer(exchange, 200, "{\"link\": \"https://cdn.example/2\"}"));
        settled.expectedBodiesReceived("settlement");
        template.sendBody("direct:lost-links", "failed");
        MockEndpoint.assertIsSatisfied(context);
        assertThat(received).singleElement().isInstanceOfSatisfying(JsonNode.class, answer -> assertThat(
                        answer.path("link").asText())
                .isEqualTo("https://cdn.example/2"));
    }

    @Test
    void readsNoAnswerThatIsNoSuccess() throws Exception {
        application.whenAnyExchangeReceived(exchange -> answer(exchange, 404, "<html>"));
        settled.expectedBodiesReceived("settlement");
        template.sendBody("direct:lost-links", "failed");
        MockEndpoint.assertIsSatisfied(context);
        assertThat(received).hasSize(1).noneMatch(JsonNode.class::isInstance);
    }

    @Test
    void settlesWhatIsNoJsonAndWhatCannotBeAsked() throws Exception {
        application.whenExchangeReceived(1, exchange -> answer(exchange, 200, "<html>"));
        application.whenExchangeReceived(2, exchange -> {
            throw new java.net.ConnectException("refused");
        });
        settled.expectedBodiesReceived("lost: no JSON", "lost: refused");
        template.sendBody("direct:lost-links", "failed");
        template.sendBody("direct:lost-links", "failed");
        MockEndpoint.assertIsSatisfied(context);
        assertThat(received).isEmpty();
    }

    private static void answer(Exchange exchange, int status, String body) {
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        exchange.getMessage().setBody(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
