package dev.landlord.controlplane.sync;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredReply;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.controlplane.Answer;
import dev.landlord.controlplane.RunningControlPlane;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** An agent that obeys at once and reports all the time, until its cable is cut. What it had runs on meanwhile. */
final class LiveAgent implements AutoCloseable {
    private static final long WAIT_MILLIS = 40;

    private final ScriptedAgent agent;
    private final Set<AllocationId> stopped = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean cut;
    private volatile boolean closed;
    private volatile @Nullable RunningControlPlane next;
    private volatile Set<AllocationId> running = Set.of();

    LiveAgent(RunningControlPlane controlPlane, String node, String address) throws IOException {
        agent = ScriptedAgent.joined(controlPlane, node, "busybox", address);
        thread = Thread.ofVirtual().name(node).start(this::live);
    }

    private void live() {
        while (!closed) {
            if (cut) {
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
                continue;
            }
            try {
                move();
                turn();
            } catch (IOException failure) {
                if (!closed) {
                    throw new AssertionError(failure);
                }
            }
        }
    }

    /** Says everything once to whom it talks from now on. */
    private void move() throws IOException {
        RunningControlPlane to = next;
        if (to != null) {
            next = null;
            agent.talkTo(to);
            agent.reportAll(running.stream()
                    .map(id -> ScriptedAgent.observed(id, ObservedPhase.RUNNING))
                    .toList());
        }
    }

    private void turn() throws IOException {
        Answer answer = agent.askDesired(agent.seen(), WAIT_MILLIS);
        if (answer.status() == 204) {
            agent.reportChanged(List.of(), List.of());
            return;
        }
        DesiredReply reply = agent.accept(answer);
        DesiredState desired = reply.desired();
        if (desired != null) {
            desired.assignments().stream()
                    .filter(assignment -> assignment.desired() == Assignment.Desired.STOPPED)
                    .forEach(assignment -> stopped.add(assignment.allocation()));
            // Before it is reported: whoever sees the report may ask at once.
            running = Set.copyOf(desired.assignments().stream()
                    .filter(assignment -> assignment.desired() == Assignment.Desired.RUNNING)
                    .map(Assignment::allocation)
                    .toList());
            agent.obey(desired);
        }
    }

    /** From now on it is not heard, and hears nothing. */
    void cut() {
        cut = true;
    }

    /** Talks to another replica of the control plane from now on. */
    void moveTo(RunningControlPlane replica) {
        next = replica;
    }

    void mend() {
        cut = false;
    }

    Set<AllocationId> running() {
        return running;
    }

    /** What it was ever told to stop. */
    Set<AllocationId> stopped() {
        return stopped;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
