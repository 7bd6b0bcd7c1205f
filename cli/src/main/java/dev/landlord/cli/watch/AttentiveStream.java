package dev.landlord.cli.watch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A stream that fails when nothing comes for too long: a network that goes silent resets no connection, and a read would wait
 * for ever. For one reader.
 */
final class AttentiveStream extends FilterInputStream {
    private final Duration silenceMax;
    private final CountDownLatch over = new CountDownLatch(1);
    /** Whoever does not read, because nobody takes what he prints, cannot hear either. */
    private volatile boolean reading;

    private volatile long readingSinceNanos = System.nanoTime();
    private volatile boolean silent;

    /** @param silenceMax longer than the other end lets pass without a sign of life */
    AttentiveStream(InputStream in, Duration silenceMax) {
        super(in);
        this.silenceMax = silenceMax;
        Thread.ofVirtual().name("attention").start(this::guard);
    }

    @Override
    public int read() throws IOException {
        return heard(in::read);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return heard(() -> in.read(bytes, offset, length));
    }

    /** One read of what is behind. */
    private interface Read {
        int next() throws IOException;
    }

    private int heard(Read read) throws IOException {
        try {
            readingSinceNanos = System.nanoTime();
            reading = true;
            int result = read.next();
            reading = false;
            // What a closed stream says is no end.
            if (!silent) {
                return result;
            }
        } catch (IOException broken) {
            if (!silent) {
                throw broken;
            }
        }
        throw new IOException("nothing came for " + silenceMax.toMillis() + " ms");
    }

    private void guard() {
        try {
            long left = silenceMax.toNanos();
            while (left > 0) {
                if (over.await(left, TimeUnit.NANOSECONDS)) {
                    return;
                }
                boolean waits = reading;
                left = silenceMax.toNanos() - (waits ? System.nanoTime() - readingSinceNanos : 0);
            }
            silent = true;
            // Which ends a read that waits.
            in.close();
        } catch (InterruptedException | IOException closed) {
            // Nobody reads any more.
        }
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        in.close();
    }
}
