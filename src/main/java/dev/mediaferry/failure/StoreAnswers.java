package dev.mediaferry.failure;

import java.util.Locale;
import java.util.Set;

/**
 * What a store's refusal says, told from the code in its answer, since one HTTP status says everything and nothing: 400 is
 * an object that is too large as well as a session that has ended. Only what is certainly about this one object is final.
 *
 * <p>Codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList; those that begin with XMinio
 * are MinIO's (https://github.com/minio/minio/blob/master/cmd/api-errors.go).
 */
final class StoreAnswers {

    /** About this one object: its size, its name, its metadata. */
    private static final Set<String> OBJECT = Set.of(
            "EntityTooLarge",
            "EntityTooSmall",
            "InvalidObjectName",
            "InvalidURI",
            "KeyTooLongError",
            "MaxMessageLengthExceeded",
            "MetadataTooLarge",
            "PreconditionFailed",
            "RequestHeaderSectionTooLarge",
            "XMinioInvalidObjectName",
            "XMinioObjectExistsAsDirectory",
            "XMinioParentIsObject");

    /** About this one moment: too much at once, bytes that were damaged or lost on their way, somebody else at the same object. */
    private static final Set<String> MOMENT = Set.of(
            "BadDigest",
            "ConditionalRequestConflict",
            "IncompleteBody",
            "InternalError",
            "InvalidPart",
            "NoSuchKey",
            "NoSuchUpload",
            "OperationAborted",
            "RequestLimitExceeded",
            "RequestTimeout",
            "ServiceUnavailable",
            "SlowDown",
            "Throttling",
            "ThrottlingException",
            "TooManyRequests",
            "XAmzContentChecksumMismatch",
            "XAmzContentSHA256Mismatch");

    private StoreAnswers() {}

    /**
     * @param code as the store answered, or null
     * @param message as the store answered, or null
     */
    static FailureKind kind(int status, String code, String message) {
        String known = code == null ? "" : code;
        if (OBJECT.contains(known) || isAboutMetadata(known, message) || (code == null && status == 413)) {
            return FailureKind.STORAGE_REFUSED;
        }
        if (MOMENT.contains(known) || status >= 500 || status == 408 || status == 429) {
            return FailureKind.STORAGE_UNAVAILABLE;
        }
        return FailureKind.STORAGE_DENIED;
    }

    /** An invalid argument may as well be a setting, like the ACL, and then it is so for every object. */
    private static boolean isAboutMetadata(String code, String message) {
        String text = message == null ? "" : message.toLowerCase(Locale.ROOT);
        return "InvalidArgument".equals(code) && (text.contains("x-amz-meta-") || text.contains("metadata"));
    }
}
