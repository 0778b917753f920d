package dev.mediaferry.uploads;

import dev.mediaferry.settings.Settings;
import dev.mediaferry.storage.IncomingObjects;
import dev.mediaferry.storage.StorageSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * How clients upload.
 *
 * @param expiry of signed requests
 * @param sessionLife how long an upload may take, with new signatures as often as it wants
 * @param partSize of a multipart upload, unless its parts would be too many
 * @param copyAtOnce bytes; the store copies what is larger part by part
 * @param incoming what keys begin with under which clients write; without the slash at its end
 * @param endpoint where clients reach the store; empty where it is mediaferry.storage.endpoint
 */
public record UploadSettings(
        Duration expiry,
        Duration sessionLife,
        long partSize,
        long copyAtOnce,
        String incoming,
        Optional<URI> endpoint) {

    /** S3 takes no smaller part but the last (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html). */
    static final long SMALLEST_PART = 5L << 20;

    private static final long LARGEST_PART = 5L << 30;

    /** Larger uploads go part by part. */
    static final long LARGEST_SINGLE = 5_000_000;

    public static UploadSettings of(Settings settings) {
        return new UploadSettings(
                settings.duration("upload.expiry", Duration.ofMinutes(1), Duration.ofDays(7)),
                settings.duration("upload.session-life", Duration.ofMinutes(1), Duration.ofDays(30)),
                settings.parse(
                        "upload.part-size",
                        settings.text("upload.part-size"),
                        "a size from 5243kB to 5GB",
                        UploadSettings::part),
                settings.parse(
                        "upload.copy-at-once",
                        settings.text("upload.copy-at-once"),
                        "a size from 5243kB to 5GB",
                        UploadSettings::part),
                settings.parse(
                        "upload.incoming",
                        settings.text("upload.incoming"),
                        "a prefix of keys that ends with a slash, like incoming/",
                        text -> text.matches("([A-Za-z0-9._-]+/)+") && !text.contains("..")
                                ? text.substring(0, text.length() - 1)
                                : null),
                settings.optional("upload.endpoint")
                        .map(value -> settings.parse(
                                "upload.endpoint", value, "an http or https address", StorageSettings::web)));
    }

    private static Long part(String text) {
        Long size = Settings.size(text);
        return size == null || size < SMALLEST_PART || size > LARGEST_PART ? null : size;
    }

    /** @return of all parts of an upload but the last, in whole MiB where it is larger than the setting */
    long partSize(long length) {
        long needed = (length + IncomingObjects.MOST_PARTS - 1) / IncomingObjects.MOST_PARTS;
        return Math.max(partSize, (needed + (1L << 20) - 1) >> 20 << 20);
    }
}
