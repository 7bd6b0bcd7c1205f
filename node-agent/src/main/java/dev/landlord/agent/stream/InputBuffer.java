package dev.landlord.agent.stream;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What was typed and not taken yet, in one ring of bytes, so that many small pieces cost no more than few large ones. */
final class InputBuffer {
    private static final byte[] NOTHING = {};

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final byte[] ring;
    private int start;
    private int size;
    private boolean ended;
    private boolean endTaken;

    InputBuffer(int capacityBytes) {
        this.ring = new byte[capacityBytes];
    }

    /** False if it does not fit, or came behind the end. */
    boolean add(byte[] bytes) {
        lock.lock();
        try {
            if (ended || bytes.length > ring.length - size) {
                return false;
            }
            for (byte one : bytes) {
                ring[(start + size++) % ring.length] = one;
            }
            news.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            ended = true;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits at most so long for up to so many bytes; none if there are none, null once at the end of all. */
    byte @Nullable [] take(int maxBytes, long patienceMillis) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
            while (size == 0 && (!ended || endTaken) && left > 0) {
                left = news.awaitNanos(left);
            }
            if (size == 0) {
                boolean last = ended && !endTaken;
                endTaken |= last;
                return last ? null : NOTHING;
            }
            byte[] taken = new byte[Math.min(maxBytes, size)];
            for (int i = 0; i < taken.length; i++) {
                taken[i] = ring[(start + i) % ring.length];
            }
            start = (start + taken.length) % ring.length;
            size -= taken.length;
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
