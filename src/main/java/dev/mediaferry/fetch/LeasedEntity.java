package dev.mediaferry.fetch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * A body that gives its connection back at its end. When it is closed before, little is read on to save the connection,
 * and otherwise the connection is closed, so that nobody can make us read on.
 */
final class LeasedEntity extends HttpEntityWrapper {

    /** What is read of an unwanted body. */
    private static final int WORTH_DRAINING = 16 * 1024;

    private final LeasedStream content;

    LeasedEntity(HttpEntity entity, Connections.Lease lease, boolean keepAlive, RequestDeadlines.Deadline deadline)
            throws IOException {
        super(entity);
        this.content = new LeasedStream(entity.getContent(), lease, keepAlive, deadline);
    }

    @Override
    public InputStream getContent() {
        return content;
    }

    @Override
    public boolean isStreaming() {
        return true;
    }

    @Override
    public void close() throws IOException {
        content.close();
    }

    private static final class LeasedStream extends FilterInputStream {
        private final Connections.Lease lease;
        private final boolean keepAlive;
        private final RequestDeadlines.Deadline deadline;
        private boolean ended;

        LeasedStream(InputStream in, Connections.Lease lease, boolean keepAlive, RequestDeadlines.Deadline deadline) {
            super(in);
            this.lease = lease;
            this.keepAlive = keepAlive;
            this.deadline = deadline;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (ended) {
                return -1;
            }
            try {
                int count = in.read(buffer, offset, length);
                if (count < 0) {
                    end(keepAlive);
                }
                return count;
            } catch (IOException e) {
                end(false);
                deadline.check(e);
                throw e;
            }
        }

        @Override
        public void close() {
            if (!ended) {
                end(drain() && keepAlive);
            }
        }

        private void end(boolean reusable) {
            ended = true;
            deadline.end();
            lease.end(reusable);
        }

        /** @return false when there is more than is worth reading, or no more to be had */
        private boolean drain() {
            try {
                return in.readNBytes(WORTH_DRAINING).length < WORTH_DRAINING;
            } catch (IOException e) {
                return false;
            }
        }
    }
}
