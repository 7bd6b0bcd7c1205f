package dev.landlord.controlplane.exec;

import dev.landlord.api.exec.ExecFrame;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;

/**
 * One program, between the agent's socket and the client's. What one says is passed on to the other as it is; nothing is kept.
 * When either goes, the other one is closed, and so the program is ended. Thread-safe.
 */
final class ExecSession {
    private static final Logger LOG = LoggerFactory.getLogger(ExecSession.class);
    private static final long ATTACH_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(12);

    private final String id;
    private final NodeName node;
    private final TenantName tenant;
    private final Consumer<ExecSession> onEnd;
    private final long createdAtNanos = System.nanoTime();
    private final CountDownLatch dialled = new CountDownLatch(1);
    private final CompletableFuture<ExecFrame> first = new CompletableFuture<>();
    private final CountDownLatch attached = new CountDownLatch(1);
    private final AtomicReference<@Nullable SocketEnd> agent = new AtomicReference<>();
    private final AtomicReference<@Nullable SocketEnd> client = new AtomicReference<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile long startedAtNanos;

    ExecSession(String id, NodeName node, TenantName tenant, Consumer<ExecSession> onEnd) {
        this.id = id;
        this.node = node;
        this.tenant = tenant;
        this.onEnd = onEnd;
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

    boolean awaitDialled(long millis) throws InterruptedException {
        return dialled.await(millis, TimeUnit.MILLISECONDS);
    }

    /** What the agent said first: that the program runs, or why not. */
    Optional<ExecFrame> awaitFirst(long millis) throws InterruptedException {
        try {
            return Optional.of(first.get(millis, TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns false for a second one, and when nobody waits any more. */
    boolean dialled(SocketEnd socket) {
        if (ended.get() || !agent.compareAndSet(null, socket)) {
            return false;
        }
        dialled.countDown();
        return !ended.get();
    }

    /** The client of a program that runs. Returns false for a second one, and when it has ended. */
    boolean attach(SocketEnd socket) {
        boolean runs = first.getNow(null) instanceof ExecFrame.Started;
        if (!runs || ended.get() || !client.compareAndSet(null, socket)) {
            return false;
        }
        attached.countDown();
        return !ended.get();
    }

    /** Waits for the client to come; the agent's socket is not read meanwhile. */
    void fromAgent(byte[] message) throws IOException, InterruptedException {
        heard(agent.get());
        if (!first.isDone()) {
            first(message);
            return;
        }
        if (ExecFrame.isClients(message)) {
            throw new IllegalArgumentException("an agent does not say this");
        }
        boolean there = attached.await(ATTACH_NANOS, TimeUnit.NANOSECONDS);
        SocketEnd to = client.get();
        if (there && to != null) {
            to.send(message);
        }
    }

    private void first(byte[] message) {
        ExecFrame frame = ExecFrame.decode(message);
        if (!(frame instanceof ExecFrame.Started) && !(frame instanceof ExecFrame.Failed)) {
            throw new IllegalArgumentException("an agent says first whether it runs");
        }
        startedAtNanos = System.nanoTime();
        first.complete(frame);
    }

    void fromClient(byte[] message) throws IOException {
        heard(client.get());
        SocketEnd to = agent.get();
        if (!ExecFrame.isClients(message) || message.length > 1 + ExecFrame.DATA_MAX_BYTES) {
            throw new IllegalArgumentException("a client does not say this");
        }
        if (to != null) {
            to.send(message);
        }
    }

    private static void heard(@Nullable SocketEnd end) {
        if (end != null) {
            end.heard();
        }
    }

    void heardFromAgent() {
        heard(agent.get());
    }

    void heardFromClient() {
        heard(client.get());
    }

    /** Now and then: asks both for a sign of life, and ends what nobody needs. */
    void look() {
        long now = System.nanoTime();
        boolean waits = client.get() == null && first.isDone() && now - startedAtNanos > ATTACH_NANOS;
        if (waits) {
            end("no client came for it");
        } else if (now - createdAtNanos > LONGEST_NANOS) {
            end("it has lasted as long as it may, 12 hours");
        }
        look(agent.get(), "the node", now);
        look(client.get(), "the client", now);
    }

    private void look(@Nullable SocketEnd end, String who, long now) {
        if (end != null && !ended.get()) {
            if (end.isSilent(now)) {
                end(who + " is silent");
            } else {
                // May wait for the network, and the others must not wait for that.
                Thread.startVirtualThread(() -> end.ping(now));
            }
        }
    }

    /** The agent has closed its socket, after its last word or because it cannot go on. */
    void agentGone(CloseStatus status) {
        boolean whole = status.getCode() == CloseStatus.NORMAL.getCode();
        end(whole ? "" : "node " + node + " closed with " + status.getCode());
    }

    void clientGone() {
        end("the client is gone");
    }

    /** Idempotent. An empty reason says that all was said. */
    void end(String reason) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        LOG.debug("Exec {} on node {} has ended: {}", id, node, reason);
        onEnd.accept(this);
        first.complete(new ExecFrame.Failed(reason));
        dialled.countDown();
        attached.countDown();
        close(agent.get(), CloseStatus.GOING_AWAY, reason);
        close(client.get(), reason.isEmpty() ? CloseStatus.NORMAL : CloseStatus.SERVER_ERROR, reason);
    }

    private static void close(@Nullable SocketEnd end, CloseStatus status, String reason) {
        if (end != null) {
            end.close(status, reason);
        }
    }
}
