package dev.landlord.controlplane.sync;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketSession;

/**
 * One stream between an agent's socket and a client that reads. A few chunks fit in between; when they are full, the socket
 * is not read, and so the agent is held back. Thread-safe: one thread of each side.
 */
final class StreamSession {
    private static final Logger LOG = LoggerFactory.getLogger(StreamSession.class);
    private static final int CHUNKS_MAX = 16;
    private static final long SLOWEST_MILLIS = 30_000;
    private static final long LOOK_MILLIS = 1000;
    private static final byte[] NOTHING = {};

    private final String id;
    private final NodeName node;
    private final TenantName tenant;
    private final BlockingQueue<byte[]> chunks = new ArrayBlockingQueue<>(CHUNKS_MAX);
    private final CountDownLatch opened = new CountDownLatch(1);
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile @Nullable WebSocketSession socket;
    private volatile @Nullable String failure;
    private volatile boolean ended;
    private volatile long movedAtNanos = System.nanoTime();

    StreamSession(String id, NodeName node, TenantName tenant) {
        this.id = id;
        this.node = node;
        this.tenant = tenant;
    }

    String id() {
        return id;
    }

    NodeName node() {
        return node;
    }

    TenantName tenant() {
        return tenant;
    }

    /** For how long nobody has read anything; a client that has gone is seen only when there is something to send. */
    long quietNanos() {
        return System.nanoTime() - movedAtNanos;
    }

    /** The agent has dialled. Returns false for a second one, and when nobody waits any more. */
    boolean open(WebSocketSession agent) {
        if (ended || !taken.compareAndSet(false, true)) {
            return false;
        }
        socket = agent;
        opened.countDown();
        // A cancel that came in between has not seen the socket.
        return !ended;
    }

    boolean awaitOpen(long millis) throws InterruptedException {
        return opened.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Waits while the client is slow. Returns false when the client is gone or too slow. */
    boolean write(byte[] chunk) throws InterruptedException {
        if (ended) {
            return false;
        }
        boolean fits = chunks.offer(chunk, SLOWEST_MILLIS, TimeUnit.MILLISECONDS);
        if (!fits) {
            end("the client did not read for " + SLOWEST_MILLIS + " ms");
        }
        return fits && !ended;
    }

    /** Nothing more comes. The reason is null when all is there. */
    void end(@Nullable String reason) {
        failure = reason;
        ended = true;
        // Wakes a reader that waits; if there is no place for it, the reader has no need to be woken.
        boolean woken = chunks.offer(NOTHING);
        LOG.debug("Stream {} of node {} has ended: {}; reader woken: {}", id, node, reason, woken);
    }

    /**
     * The next bytes, or null at the end.
     *
     * @throws IOException when the stream broke: what was read is not all
     */
    byte @Nullable [] read() throws IOException, InterruptedException {
        while (true) {
            boolean last = ended;
            byte[] chunk = last ? chunks.poll() : chunks.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            if (chunk != null && chunk.length > 0) {
                movedAtNanos = System.nanoTime();
                return chunk;
            }
            if (chunk == null && last) {
                if (failure != null) {
                    throw new IOException("stream of node " + node + ": " + failure);
                }
                return null;
            }
        }
    }

    boolean hasMore() {
        return !chunks.isEmpty();
    }

    /** The client is gone: frees whoever writes, and closes the socket. */
    void cancel() {
        ended = true;
        chunks.clear();
        WebSocketSession agent = socket;
        if (agent != null && agent.isOpen()) {
            try {
                agent.close(CloseStatus.GOING_AWAY.withReason("the client is gone"));
            } catch (IOException closing) {
                LOG.debug("Closing stream {} of node {}: {}", id, node, closing.getMessage());
            }
        }
    }
}
