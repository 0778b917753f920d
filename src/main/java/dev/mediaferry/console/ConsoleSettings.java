package dev.mediaferry.console;

import dev.mediaferry.api.AuthSettings;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Who may open the console.
 *
 * @param users file of those who log in; empty for none
 * @param tokens whose bearer tokens are taken, of which an administrator's make an operator; empty for none
 * @param sessionLife how long a login lasts that nobody uses
 */
public record ConsoleSettings(Optional<Path> users, Optional<AuthSettings> tokens, Duration sessionLife) {

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(30);

    /** @throws ConfigurationException when others than this machine could come in without a login */
    public static ConsoleSettings of(Settings settings) {
        String host = settings.text("server.host");
        Optional<Path> users =
                settings.optional("console.users-file").map(value -> settings.path("console.users-file"));
        boolean loopback = isLoopback(host);
        // Who uploads is no operator: without a claim that makes one, nobody's token opens anything here.
        Optional<AuthSettings> tokens = loopback && users.isEmpty()
                ? Optional.empty()
                : AuthSettings.ifSet(settings).filter(auth -> auth.adminClaim().isPresent());
        if (!loopback && users.isEmpty() && tokens.isEmpty()) {
            throw new ConfigurationException("mediaferry.server.host is " + host
                    + ", which other machines can reach, and nothing says who may open the console there: set"
                    + " mediaferry.console.users-file (docs/console.md), or take administrators' tokens with"
                    + " mediaferry.auth.jwks-url and mediaferry.auth.admin-claim, or listen on 127.0.0.1");
        }
        return new ConsoleSettings(users, tokens, settings.duration("console.session-life", SHORTEST, LONGEST));
    }

    /** True when nobody comes in who has not said who they are. */
    public boolean login() {
        return users.isPresent() || tokens.isPresent();
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
