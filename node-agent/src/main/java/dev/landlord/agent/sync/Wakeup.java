package dev.landlord.agent.sync;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one thread sleep until something happens or time runs out. Signals that come while it works are not lost. */
public final class Wakeup {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean signalled;

    public void signal() {
        lock.lock();
        try {
            signalled = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a signal and takes it.
     *
     * @return false when the time ran out
     */
    public boolean await(long millis) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (!signalled && left > 0) {
                left = changed.awaitNanos(left);
            }
            boolean taken = signalled;
            signalled = false;
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
