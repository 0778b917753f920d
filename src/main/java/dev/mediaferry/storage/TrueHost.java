package dev.mediaferry.storage;

import dev.mediaferry.link.Authority;
import java.net.URI;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Brings the SDK to hosts whose names have an underscore, which containers have: it takes its endpoint from Java's
 * addresses, which know no such host. It is given another name, and requests get the true one before they are signed.
 */
final class TrueHost implements ExecutionInterceptor {

    private static final String STAND_IN = "underscored.invalid";

    private final String host;

    private TrueHost(String host) {
        this.host = host;
    }

    /** @return true for an endpoint that the SDK cannot be given */
    static boolean isNeeded(URI endpoint) {
        return endpoint.getHost() == null;
    }

    static TrueHost of(URI endpoint) {
        return new TrueHost(Authority.of(endpoint).host());
    }

    /** @return the same endpoint with the name that the SDK is given */
    static URI standIn(URI endpoint) {
        return URI.create(endpoint.toString().replaceFirst("://[^/:]+", "://" + STAND_IN));
    }

    @Override
    public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
        SdkHttpRequest request = context.httpRequest();
        // A bucket's name may stand before it.
        return request.host().endsWith(STAND_IN)
                ? request.copy(builder ->
                        builder.host(request.host().substring(0, request.host().length() - STAND_IN.length()) + host))
                : request;
    }
}
