package dev.mediaferry.engine;

import dev.mediaferry.embedded.EmbeddedServers;
import dev.mediaferry.ledger.DatabaseSettings;
import dev.mediaferry.settings.Settings;
import dev.mediaferry.storage.StorageSettings;
import java.nio.file.Path;
import java.util.Optional;

/** The store alone, for what needs no database: the user's, or the embedded one. */
public final class Store implements AutoCloseable {

    private final StorageSettings storage;
    private final Optional<EmbeddedServers> embedded;

    private Store(StorageSettings storage, Optional<EmbeddedServers> embedded) {
        this.storage = storage;
        this.embedded = embedded;
    }

    public static Store open(Settings given) {
        if (!StorageSettings.embedded(given)) {
            return new Store(StorageSettings.of(given), Optional.empty());
        }
        Path home = given.path("home");
        // A process that starts meanwhile expects both servers of the home.
        boolean database = DatabaseSettings.of(given).isEmpty();
        EmbeddedServers servers = EmbeddedServers.start(home, home.resolve("postgres-bin"), database, true);
        try {
            return new Store(StorageSettings.of(given.with(servers.storageSettings())), Optional.of(servers));
        } catch (RuntimeException | Error e) {
            servers.close();
            throw e;
        }
    }

    public StorageSettings storage() {
        return storage;
    }

    @Override
    public void close() {
        embedded.ifPresent(EmbeddedServers::close);
    }
}
