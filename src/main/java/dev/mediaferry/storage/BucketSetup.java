package dev.mediaferry.storage;

import dev.mediaferry.content.Digests;
import dev.mediaferry.failure.ConfigurationException;
import dev.mediaferry.failure.ServiceUnreachableException;
import dev.mediaferry.storage.BucketReport.Outcome;
import dev.mediaferry.storage.BucketReport.Step;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CORSRule;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Looks at a bucket, or sets it up as wanted. What is there already is kept, no matter who made it. What the store does not
 * offer is reported apart from what failed: the store answers so, or it takes a configuration and forgets it.
 */
public final class BucketSetup implements AutoCloseable {

    private static final Set<String> NOT_OFFERED =
            Set.of("NotImplemented", "MethodNotAllowed", "UnsupportedOperation", "NotSupported");

    /** A store that knows no properties of buckets takes the request for one that makes the bucket. */
    private static final Set<String> TAKEN_FOR_ANOTHER = Set.of("BucketAlreadyOwnedByYou", "BucketAlreadyExists");

    private final StorageSettings storage;
    private final Optional<String> region;
    private final S3Client client;
    private final String where;

    /** @param region where the bucket is to be made; empty for that of the settings */
    public BucketSetup(StorageSettings storage, Optional<String> region) {
        this.storage = storage;
        this.region = region;
        this.client = ObjectStore.client(storage, 2);
        this.where = ObjectStore.where(storage);
    }

    /**
     * @throws ConfigurationException when the bucket cannot be had: its name is taken, or the keys do not let us
     * @throws ServiceUnreachableException when the store does not answer
     */
    public BucketReport setUp(BucketOptions wishes) {
        List<Step> steps = new ArrayList<>();
        steps.add(bucket());
        steps.add(step("versioning", () -> versioning(wishes.versioning())));
        steps.add(step("lifecycle", () -> lifecycle(Optional.of(wishes))));
        steps.add(step("cors", () -> cors(wishes.origins())));
        steps.add(step("probe", this::probe));
        return new BucketReport(storage.bucket(), where, steps);
    }

    /**
     * Changes nothing but for an object that is written, read and removed.
     *
     * @param origins whose pages are to upload
     * @param endpoint where browsers reach the store; empty where it is the same as for this process
     */
    public BucketReport check(List<String> origins, Optional<URI> endpoint) {
        ObjectStore.check(client, storage);
        List<Step> steps = new ArrayList<>();
        steps.add(Step.of("bucket", Outcome.PRESENT, ""));
        steps.add(step("versioning", () -> versioning(false)));
        steps.add(step("lifecycle", () -> lifecycle(Optional.empty())));
        steps.add(step("cors", () -> cors(List.of())));
        if (!origins.isEmpty()) {
            steps.add(preflight(origins, new Preflight(storage, endpoint)));
        }
        steps.add(step("probe", this::probe));
        return new BucketReport(storage.bucket(), where, steps);
    }

    @Override
    public void close() {
        client.close();
    }

    private Step bucket() {
        if (ObjectStore.exists(client, storage)) {
            return Step.of("bucket", Outcome.PRESENT, "");
        }
        String wanted = region.orElse(storage.region());
        // Amazon's first region has no name here, and other stores mostly know none.
        boolean named = storage.endpoint() == null ? !wanted.equals("us-east-1") : region.isPresent();
        try {
            client.createBucket(request -> {
                request.bucket(storage.bucket());
                if (named) {
                    request.createBucketConfiguration(location -> location.locationConstraint(wanted));
                }
            });
            return Step.of("bucket", Outcome.CREATED, named ? "in " + wanted : "");
        } catch (BucketAlreadyOwnedByYouException e) {
            return Step.of("bucket", Outcome.PRESENT, "somebody else has just created it");
        } catch (S3Exception e) {
            if (e.statusCode() >= 500) {
                throw unreachable(e);
            }
            String reason = e.statusCode() == 409 ? "its name is taken" : message(e);
            throw new ConfigurationException("mediaferry.storage.bucket: " + where + " does not create bucket '"
                    + storage.bucket() + "': " + reason);
        } catch (SdkException e) {
            throw unreachable(e);
        }
    }

    private Step versioning(boolean wanted) {
        if (status() == BucketVersioningStatus.ENABLED) {
            return Step.of("versioning", Outcome.PRESENT, "");
        }
        if (!wanted) {
            return Step.of("versioning", Outcome.ABSENT, "");
        }
        client.putBucketVersioning(request -> request.bucket(storage.bucket())
                .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED)));
        return status() == BucketVersioningStatus.ENABLED
                ? Step.of("versioning", Outcome.SET, "")
                : forgotten("versioning");
    }

    private BucketVersioningStatus status() {
        return client.getBucketVersioning(request -> request.bucket(storage.bucket()))
                .status();
    }

    /** @param wishes empty when it is only looked at */
    private Step lifecycle(Optional<BucketOptions> wishes) {
        Optional<GetBucketLifecycleConfigurationResponse> answer =
                ifThere(() -> client.getBucketLifecycleConfiguration(request -> request.bucket(storage.bucket())));
        List<LifecycleRule> present =
                answer.map(GetBucketLifecycleConfigurationResponse::rules).orElse(List.of());
        if (wishes.isEmpty()) {
            return BucketRules.aborting(present)
                    .map(rule -> Step.of("lifecycle", Outcome.PRESENT, describe(present)))
                    .orElseGet(() -> Step.of(
                            "lifecycle", Outcome.ABSENT, "parts of interrupted uploads are kept: bucket setup helps"));
        }
        List<LifecycleRule> merged = BucketRules.merged(present, wishes.get());
        if (merged.equals(present)) {
            return Step.of("lifecycle", Outcome.PRESENT, describe(present));
        }
        client.putBucketLifecycleConfiguration(request -> request.bucket(storage.bucket())
                .transitionDefaultMinimumObjectSize(
                        answer.map(GetBucketLifecycleConfigurationResponse::transitionDefaultMinimumObjectSizeAsString)
                                .orElse(null))
                .lifecycleConfiguration(lifecycle -> lifecycle.rules(merged)));
        boolean kept = ifThere(
                        () -> client.getBucketLifecycleConfiguration(request -> request.bucket(storage.bucket())))
                .map(GetBucketLifecycleConfigurationResponse::rules)
                .filter(rules -> BucketRules.merged(rules, wishes.get()).equals(rules))
                .isPresent();
        return kept ? Step.of("lifecycle", Outcome.SET, describe(merged)) : forgotten("lifecycle");
    }

    private static String describe(List<LifecycleRule> rules) {
        return "rules: "
                + String.join(", ", rules.stream().map(LifecycleRule::id).toList());
    }

    /** @param origins empty when it is only looked at */
    private Step cors(List<String> origins) {
        List<CORSRule> present = corsRules();
        if (origins.isEmpty()) {
            return present.isEmpty()
                    ? Step.of("cors", Outcome.ABSENT, "")
                    : Step.of("cors", Outcome.PRESENT, origins(present));
        }
        List<CORSRule> merged = BucketRules.mergedCors(present, origins);
        if (merged.equals(present)) {
            return Step.of("cors", Outcome.PRESENT, origins(present));
        }
        client.putBucketCors(
                request -> request.bucket(storage.bucket()).corsConfiguration(cors -> cors.corsRules(merged)));
        return origins(corsRules()).equals(origins(merged))
                ? Step.of("cors", Outcome.SET, origins(merged))
                : forgotten("cors");
    }

    private List<CORSRule> corsRules() {
        return ifThere(() -> client.getBucketCors(request -> request.bucket(storage.bucket()))
                        .corsRules())
                .orElse(List.of());
    }

    private static String origins(List<CORSRule> rules) {
        return String.join(
                ", ",
                rules.stream().flatMap(rule -> rule.allowedOrigins().stream()).toList());
    }

    private static Step preflight(List<String> origins, Preflight preflight) {
        List<String> refusals = origins.stream()
                .flatMap(origin -> preflight.refusal(origin).stream())
                .toList();
        return refusals.isEmpty()
                ? Step.of("preflight", Outcome.PRESENT, "pages of " + String.join(", ", origins) + " can upload")
                : Step.of("preflight", Outcome.FAILED, String.join("; ", refusals) + ": bucket setup --cors helps");
    }

    /** Writes an object as media are written, reads it, and removes it. */
    private Step probe() {
        String key = ".mediaferry-probe-" + UUID.randomUUID();
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        PutObjectResponse put = client.putObject(
                request -> request.bucket(storage.bucket())
                        .key(key)
                        .contentType("text/plain")
                        .acl(storage.acl().orElse(null))
                        .metadata(Map.of(FastPutS3Client.SHA256, Digests.sha256(bytes))),
                RequestBody.fromBytes(bytes));
        boolean same;
        try {
            same = Arrays.equals(
                    bytes,
                    client.getObjectAsBytes(
                                    request -> request.bucket(storage.bucket()).key(key))
                            .asByteArray());
        } finally {
            client.deleteObject(
                    request -> request.bucket(storage.bucket()).key(key).versionId(put.versionId()));
        }
        boolean gone = ifThere(() -> client.headObject(
                        request -> request.bucket(storage.bucket()).key(key)))
                .isEmpty();
        return same && gone
                ? Step.of("probe", Outcome.PRESENT, "written, read and removed")
                : Step.of("probe", Outcome.FAILED, same ? key + " is still there" : "other bytes came back");
    }

    private static Step forgotten(String what) {
        return Step.of(what, Outcome.NOT_OFFERED, "the store takes it and forgets it");
    }

    private static Step step(String what, Supplier<Step> action) {
        try {
            return action.get();
        } catch (S3Exception e) {
            boolean offered = e.statusCode() != 501
                    && e.statusCode() != 405
                    && !NOT_OFFERED.contains(code(e))
                    && !TAKEN_FOR_ANOTHER.contains(code(e));
            return Step.of(
                    what,
                    offered || what.equals("probe") ? Outcome.FAILED : Outcome.NOT_OFFERED,
                    offered ? message(e) : "HTTP " + e.statusCode());
        } catch (SdkException e) {
            throw unreachable(e);
        }
    }

    private static <T> Optional<T> ifThere(Supplier<T> request) {
        try {
            return Optional.of(request.get());
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static String code(S3Exception e) {
        return e.awsErrorDetails() == null
                ? ""
                : String.valueOf(e.awsErrorDetails().errorCode());
    }

    private static String message(S3Exception e) {
        String said = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorMessage();
        return "HTTP " + e.statusCode() + " " + code(e) + (said == null ? "" : ": " + said);
    }

    private static ServiceUnreachableException unreachable(SdkException e) {
        return new ServiceUnreachableException("the object store does not answer: " + e.getMessage(), e);
    }
}
