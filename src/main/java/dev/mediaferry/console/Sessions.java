package dev.mediaferry.console;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Who is logged in, in this process. A session ends when nobody uses it, and when the users file says something else of its user. */
final class Sessions {

    private static final int SECRET_BYTES = 32;
    private static final int MOST = 1_000;

    private final UsersFile users;
    private final long life;
    private final LongSupplier nanoTime;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Session> eldest) {
            return size() > MOST;
        }
    };

    private record Session(UsersFile.User user, String token, long used) {}

    Sessions(UsersFile users, Duration life, LongSupplier nanoTime) {
        this.users = users;
        this.life = life.toNanos();
        this.nanoTime = nanoTime;
    }

    /** @return what its cookie holds */
    synchronized String begin(UsersFile.User user) {
        String id = secret(random);
        sessions.put(id, new Session(user, secret(random), nanoTime.getAsLong()));
        return id;
    }

    synchronized Optional<Visitor> find(String id) {
        Session session = sessions.get(id);
        long now = nanoTime.getAsLong();
        if (session == null || now - session.used() > life || !users.has(session.user())) {
            sessions.remove(id);
            return Optional.empty();
        }
        sessions.put(id, new Session(session.user(), session.token(), now));
        return Optional.of(new Visitor(session.user().name(), session.user().role(), "", session.token(), true));
    }

    synchronized void end(String id) {
        sessions.remove(id);
    }

    static String secret(SecureRandom random) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
