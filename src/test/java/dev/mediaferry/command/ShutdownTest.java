package dev.mediaferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShutdownTest {

    @Test
    void explainsWhatFailsSinceTheProcessWasStoppedWhileItStarted() {
        Throwable refused = new IllegalStateException("Shutdown in progress");
        assertThat(Shutdown.explains(refused)).isTrue();
        assertThat(Shutdown.explains(new IllegalStateException("the routes do not start", refused)))
                .isTrue();
        assertThat(Shutdown.explains(new IllegalStateException("the routes do not start")))
                .isFalse();
    }
}
