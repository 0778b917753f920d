package dev.mediaferry.webhooks;

import java.net.URI;
import java.util.Map;

/** What is posted to a target. */
public record DeliveryRequest(URI url, Map<String, String> headers, String body) {

    public DeliveryRequest {
        headers = Map.copyOf(headers);
    }
}
