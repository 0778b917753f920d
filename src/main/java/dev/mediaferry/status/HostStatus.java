package dev.mediaferry.status;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A host that is slowed down or shut out.
 *
 * @param rate requests per second; null for any number
 * @param concurrency requests at the same time
 * @param strikes complaints or failures without a good answer in between
 * @param shutOutUntil in ISO 8601; null when it may be asked
 * @param updated when something was learnt of it last, in ISO 8601
 */
public record HostStatus(
        String host,
        @JsonInclude Double rate,
        int concurrency,
        int strikes,
        @JsonInclude String shutOutUntil,
        String updated) {}
