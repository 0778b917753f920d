package dev.mediaferry.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.CORSRule;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.Transition;
import software.amazon.awssdk.services.s3.model.TransitionStorageClass;

/** Our rules among those of others. Ours are known by their ids; those of others stay as they are, in their order. */
final class BucketRules {

    static final String ABORT = "mediaferry-abort-multipart";
    static final String GLACIER = "mediaferry-glacier";
    static final String CORS = "mediaferry";

    /** Days after which the parts of an upload that nobody finished are removed. */
    static final int ABORT_DAYS = 7;

    private static final int CORS_SECONDS = 3600;

    private BucketRules() {}

    /** @return the rules with ours among them; equal to those given when nothing is missing */
    static List<LifecycleRule> merged(List<LifecycleRule> present, BucketOptions wishes) {
        // Amazon refuses rules of both forms in one configuration.
        boolean oldForm = present.stream().anyMatch(rule -> rule.filter() == null && prefix(rule) != null);
        List<LifecycleRule> rules = new ArrayList<>(present);
        if (rules.stream().noneMatch(BucketRules::abortsEverywhere)) {
            put(
                    rules,
                    rule(ABORT, oldForm)
                            .abortIncompleteMultipartUpload(abort -> abort.daysAfterInitiation(ABORT_DAYS))
                            .build());
        }
        wishes.glacierDays()
                .ifPresent(days -> put(
                        rules,
                        rule(GLACIER, oldForm)
                                .transitions(Transition.builder()
                                        .days(days)
                                        .storageClass(TransitionStorageClass.GLACIER)
                                        .build())
                                .build()));
        return rules;
    }

    /** @return the rule that removes the parts of unfinished uploads anywhere in the bucket */
    static Optional<LifecycleRule> aborting(List<LifecycleRule> rules) {
        return rules.stream().filter(BucketRules::abortsEverywhere).findFirst();
    }

    static List<CORSRule> mergedCors(List<CORSRule> present, List<String> origins) {
        CORSRule ours = CORSRule.builder()
                .id(CORS)
                .allowedOrigins(origins)
                .allowedMethods("GET", "HEAD", "PUT", "POST")
                .allowedHeaders("*")
                .exposeHeaders("ETag")
                .maxAgeSeconds(CORS_SECONDS)
                .build();
        List<CORSRule> rules = new ArrayList<>(present);
        for (int i = 0; i < rules.size(); i++) {
            if (CORS.equals(rules.get(i).id())) {
                rules.set(i, ours);
                return rules;
            }
        }
        rules.add(ours);
        return rules;
    }

    private static void put(List<LifecycleRule> rules, LifecycleRule ours) {
        for (int i = 0; i < rules.size(); i++) {
            if (ours.id().equals(rules.get(i).id())) {
                if (!isSame(rules.get(i), ours)) {
                    rules.set(i, ours);
                }
                return;
            }
        }
        rules.add(ours);
    }

    /** Stores write an empty filter in several ways. */
    private static boolean isSame(LifecycleRule present, LifecycleRule ours) {
        return present.status() == ours.status()
                && isEverywhere(present)
                && present.transitions().equals(ours.transitions())
                && Objects.equals(present.abortIncompleteMultipartUpload(), ours.abortIncompleteMultipartUpload());
    }

    private static boolean abortsEverywhere(LifecycleRule rule) {
        return rule.status() == ExpirationStatus.ENABLED
                && rule.abortIncompleteMultipartUpload() != null
                && isEverywhere(rule);
    }

    private static boolean isEverywhere(LifecycleRule rule) {
        LifecycleRuleFilter filter = rule.filter();
        boolean narrow = filter != null
                && (filter.tag() != null
                        || filter.and() != null
                        || filter.objectSizeGreaterThan() != null
                        || filter.objectSizeLessThan() != null
                        || (filter.prefix() != null && !filter.prefix().isEmpty()));
        String prefix = prefix(rule);
        return !narrow && (prefix == null || prefix.isEmpty());
    }

    private static LifecycleRule.Builder rule(String id, boolean oldForm) {
        LifecycleRule.Builder rule = LifecycleRule.builder().id(id).status(ExpirationStatus.ENABLED);
        return oldForm ? prefix(rule) : rule.filter(filter -> filter.prefix(""));
    }

    @SuppressWarnings("deprecation")
    private static LifecycleRule.Builder prefix(LifecycleRule.Builder rule) {
        return rule.prefix("");
    }

    @SuppressWarnings("deprecation")
    private static String prefix(LifecycleRule rule) {
        return rule.prefix();
    }
}
