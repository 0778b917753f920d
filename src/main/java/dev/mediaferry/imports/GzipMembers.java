package dev.mediaferry.imports;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** Unpacks gzip data of one or several members. Zeros behind the last one are padding, as of tapes and block devices. */
final class GzipMembers extends InputStream {

    private final BufferedInputStream packed;
    private InputStream member;

    GzipMembers(BufferedInputStream packed) throws IOException {
        this.packed = packed;
        this.member = open();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (member != null) {
            int count = member.read(bytes, offset, length);
            if (count >= 0) {
                return count;
            }
            member = atEnd() ? null : open();
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        packed.close();
    }

    /** Leaves what it was made of at the first byte behind its member. */
    private InputStream open() throws IOException {
        return GzipCompressorInputStream.builder().setInputStream(packed).get();
    }

    private boolean atEnd() throws IOException {
        packed.mark(1);
        int first = packed.read();
        if (first > 0) {
            packed.reset();
            return false;
        }
        for (int next = first; next >= 0; next = packed.read()) {
            if (next > 0) {
                throw new IOException("something that is no gzip lies behind its end");
            }
        }
        return true;
    }
}
