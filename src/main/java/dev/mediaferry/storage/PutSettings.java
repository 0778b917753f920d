package dev.mediaferry.storage;

import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.settings.Settings;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * What every object is stored with.
 *
 * @param encryption how the store encrypts it; empty to leave it to the bucket
 * @param kmsKey with which key of AWS KMS; empty for the account's own
 * @param storageClass empty for the bucket's
 * @param bucketOwner account that the bucket has to belong to, or nothing is stored
 */
record PutSettings(
        Optional<String> encryption,
        Optional<String> kmsKey,
        Optional<String> storageClass,
        Optional<String> bucketOwner) {

    static final PutSettings NONE =
            new PutSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final Set<String> ENCRYPTIONS = Set.of("AES256", "aws:kms", "aws:kms:dsse");

    /** What lies there has to be restored before it can be read. */
    private static final Set<String> ARCHIVES = Set.of("GLACIER", "DEEP_ARCHIVE");

    static boolean isArchive(String storageClass) {
        return ARCHIVES.contains(storageClass);
    }

    PutSettings {
        if (kmsKey.isPresent()
                && encryption.filter(name -> name.startsWith("aws:kms")).isEmpty()) {
            throw new ConfigurationException(
                    "mediaferry.storage.kms-key is set, but mediaferry.storage.sse is not aws:kms or aws:kms:dsse");
        }
    }

    static PutSettings of(Settings settings) {
        return new PutSettings(
                settings.optional("storage.sse")
                        .map(value -> settings.parse(
                                "storage.sse",
                                value,
                                "AES256, aws:kms or aws:kms:dsse",
                                name -> ENCRYPTIONS.contains(name) ? name : null)),
                settings.optional("storage.kms-key"),
                settings.optional("storage.class")
                        .map(value -> settings.parse(
                                "storage.class",
                                value,
                                "a storage class that is read at once, like STANDARD_IA",
                                name -> name.matches("[A-Z][A-Z0-9_]*") && !ARCHIVES.contains(name) ? name : null)),
                settings.optional("storage.bucket-owner")
                        .map(value -> settings.parse(
                                "storage.bucket-owner",
                                value,
                                "the number of an AWS account, 12 digits",
                                number -> number.matches("\\d{12}") ? number : null)));
    }

    PutObjectRequest on(PutObjectRequest request) {
        return equals(NONE)
                ? request
                : request.toBuilder()
                        .serverSideEncryption(encryption.orElse(null))
                        .ssekmsKeyId(kmsKey.orElse(null))
                        .storageClass(storageClass.orElse(null))
                        .expectedBucketOwner(bucketOwner.orElse(null))
                        .build();
    }
}
