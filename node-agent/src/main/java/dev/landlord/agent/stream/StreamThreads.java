package dev.landlord.agent.stream;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** The threads of the streams that are open, so many at most. Thread-safe. */
final class StreamThreads implements AutoCloseable {
    private final int max;
    private final Semaphore places;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    StreamThreads(int max) {
        this.max = max;
        this.places = new Semaphore(max);
    }

    /** Does the work on a thread of its own; false, and nothing is done, when too many are open. */
    boolean start(String name, Runnable work) {
        if (!places.tryAcquire()) {
            return false;
        }
        // Waits in native code, so this is no virtual thread.
        Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> {
            try {
                work.run();
            } finally {
                threads.remove(Thread.currentThread());
                places.release();
            }
        });
        threads.add(thread);
        boolean started = false;
        try {
            thread.start();
            started = true;
        } finally {
            // A host that is out of threads must not lose the place as well.
            if (!started) {
                threads.remove(thread);
                places.release();
            }
        }
        return true;
    }

    int open() {
        return max - places.availablePermits();
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
