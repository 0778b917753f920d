package dev.mediaferry.fetch;

import java.io.InputStream;

/**
 * What a server answered, as far as it matters; null for what it left out.
 *
 * @param length Content-Length; with an encoding that of the encoded bytes
 * @param range Content-Range
 * @param type Content-Type, which is only shown
 * @param encoding Content-Encoding
 * @param retryAfter Retry-After, in either of its forms
 * @param address that answered in the end, when the link was redirected
 */
public record Answer(
        InputStream body,
        int status,
        String length,
        String range,
        String type,
        String encoding,
        String retryAfter,
        String address) {}
