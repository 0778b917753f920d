package dev.mediaferry.fetch;

import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpMessage;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.impl.DefaultContentLengthStrategy;

/**
 * The length of a body whose length is announced several times, in several headers or in one with commas: that length,
 * when all say the same (RFC 9110, section 8.6).
 */
final class EqualLengths implements ContentLengthStrategy {

    @Override
    public long determineLength(HttpMessage message) throws HttpException {
        Header[] headers = message.getHeaders(HttpHeaders.CONTENT_LENGTH);
        if (headers.length == 0 || (headers.length == 1 && headers[0].getValue().indexOf(',') < 0)) {
            return DefaultContentLengthStrategy.INSTANCE.determineLength(message);
        }
        Set<String> lengths = new LinkedHashSet<>();
        for (Header header : headers) {
            for (String length : header.getValue().split(",", -1)) {
                lengths.add(length.strip());
            }
        }
        if (lengths.size() > 1) {
            throw new ProtocolException("different lengths are announced: " + String.join(", ", lengths));
        }
        message.removeHeaders(HttpHeaders.CONTENT_LENGTH);
        message.addHeader(HttpHeaders.CONTENT_LENGTH, lengths.iterator().next());
        return DefaultContentLengthStrategy.INSTANCE.determineLength(message);
    }
}
