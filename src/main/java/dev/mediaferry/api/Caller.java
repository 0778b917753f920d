package dev.mediaferry.api;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * Whose token was verified.
 *
 * @param user as the application names its users
 * @param tier that limits depend on; empty for the default
 * @param admin may see what others have
 * @param mediaType the only type whose uploads the token is good for; empty for all that a user does
 */
public record Caller(String user, Optional<String> tier, boolean admin, Optional<String> mediaType) {

    private static final int LONGEST = 255;

    public Caller {
        if (user.isBlank() || user.length() > LONGEST || user.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a user has a name of 1 to " + LONGEST + " characters");
        }
    }

    public Caller(String user, Optional<String> tier, boolean admin) {
        this(user, tier, admin, Optional.empty());
    }

    /** As the server hands it to the routes. */
    JsonObject principal() {
        return new JsonObject()
                .put("user", user)
                .put("tier", tier.orElse(null))
                .put("admin", admin)
                .put("mediaType", mediaType.orElse(null));
    }

    /** @param principal what {@link Door} gave the request */
    public static Caller of(JsonObject principal) {
        return new Caller(
                principal.getString("user"),
                Optional.ofNullable(principal.getString("tier")),
                principal.getBoolean("admin"),
                Optional.ofNullable(principal.getString("mediaType")));
    }
}
