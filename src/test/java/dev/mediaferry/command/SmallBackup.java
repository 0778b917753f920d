package dev.mediaferry.command;

import dev.mediaferry.fixture.SalonBackup;
import dev.mediaferry.fixture.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Some files of the backup that {@code docs/examples/import.yaml} describes, with its maps and rows. */
final class SmallBackup {

    private final Path folder;

    /** @param directory of the registry */
    SmallBackup(Sandbox sandbox, Path directory) throws IOException {
        folder = Files.createDirectories(directory.resolve("backup"));
        Files.writeString(
                directory.resolve("user-map.json"),
                "[{\"oldUserId\": \"1\", \"newUserId\": \"%s\"}, {\"oldUserId\": \"2\", \"newUserId\": \"%s\"}]"
                        .formatted(SalonBackup.user(1), SalonBackup.user(2)));
        Files.writeString(directory.resolve("service-map.json"), "{\"7\": \"%s\"}".formatted(SalonBackup.service(7)));
        sandbox.execute(
                "insert into users values ('%s'), ('%s')".formatted(SalonBackup.user(1), SalonBackup.user(2)),
                "insert into services values ('%s', '%s')".formatted(SalonBackup.service(7), SalonBackup.user(2)));
    }

    SmallBackup with(String path, byte[] bytes) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        return this;
    }

    Path file(String path) {
        return folder.resolve(path);
    }

    String folder() {
        return folder.toString();
    }
}
