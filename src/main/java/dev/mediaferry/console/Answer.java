package dev.mediaferry.console;

import java.util.Map;

/** What is answered to a request of the console. */
sealed interface Answer {

    /**
     * A page.
     *
     * @param template that makes it
     * @param model what it shows
     */
    record Page(int status, String template, Map<String, ?> model) implements Answer {
        Page(String template, Map<String, ?> model) {
            this(200, template, model);
        }
    }

    /** Another page is to be looked at. */
    record Redirect(String to) implements Answer {}

    /** A picture, or what shall be taken for nothing else. */
    record Picture(String type, byte[] bytes) implements Answer {}

    /**
     * Some of a film, as its player asks for it.
     *
     * @param first number of the first byte, from 0
     * @param total bytes of the whole
     */
    record Part(String type, byte[] bytes, long first, long total) implements Answer {}

    /** There is no such thing. */
    record Missing(String what) implements Answer {}
}
