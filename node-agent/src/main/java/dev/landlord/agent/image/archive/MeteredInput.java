package dev.landlord.agent.image.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A tar stream that ends when its reader asks for more than it was granted. Guards what the tar parser itself takes into
 * memory (long names, extended headers), which has no bound of its own. Also remembers how it ended, to tell an archive
 * that was cut between two entries from one that has its end marker.
 */
final class MeteredInput extends FilterInputStream {
    private static final int RECORD_BYTES = 512;

    private long trailingZeros;
    private long granted;
    private long count;

    MeteredInput(InputStream in) {
        super(in);
    }

    /** What may be read from now on. */
    void grant(long bytes) {
        granted = bytes;
    }

    long count() {
        return count;
    }

    /** True when the last whole record was all zero, as the end marker of tar is. */
    boolean endsWithZeroRecord() {
        return trailingZeros >= RECORD_BYTES + count % RECORD_BYTES;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int start, int length) throws IOException {
        if (length > 0 && granted <= 0) {
            throw new IOException("a header is too large");
        }
        int n = super.read(buffer, start, (int) Math.min(length, granted));
        if (n > 0) {
            granted -= n;
            count += n;
            remember(buffer, start, n);
        }
        return n;
    }

    @Override
    public long skip(long bytes) throws IOException {
        byte[] buffer = new byte[8192];
        long skipped = 0;
        while (skipped < bytes) {
            int n = read(buffer, 0, (int) Math.min(buffer.length, bytes - skipped));
            if (n < 0) {
                break;
            }
            skipped += n;
        }
        return skipped;
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(super.available(), granted);
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void remember(byte[] buffer, int start, int n) {
        int zeros = 0;
        while (zeros < n && buffer[start + n - 1 - zeros] == 0) {
            zeros++;
        }
        trailingZeros = zeros == n ? trailingZeros + n : zeros;
    }
}
