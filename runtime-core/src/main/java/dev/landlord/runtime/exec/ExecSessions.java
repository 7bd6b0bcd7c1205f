package dev.landlord.runtime.exec;

import dev.landlord.runtime.ExecSession;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.launch.HelperFault;
import dev.landlord.runtime.launch.HelperMessage;
import dev.landlord.runtime.launch.Launcher;
import dev.landlord.runtime.launch.Supervisor;
import dev.landlord.runtime.linux.Linux;
import dev.landlord.runtime.linux.LinuxFault;
import dev.landlord.runtime.plan.LaunchPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All sessions of one runtime. Thread-safe. */
public final class ExecSessions implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int SIGKILL = 9;

    private final Launcher launcher;
    private final Set<Session> open = ConcurrentHashMap.newKeySet();
    /** Helpers of closed sessions whose program could not be ended yet. */
    private final Set<Warden> lingering = ConcurrentHashMap.newKeySet();

    public ExecSessions(Launcher launcher) {
        this.launcher = launcher;
    }

    /**
     * Starts what the plan says, and returns once its exec has succeeded.
     *
     * @param initPidfd of the sandbox's init; stays the caller's
     */
    public ExecSession start(LaunchPlan plan, int initPidfd) {
        sweep();
        Supervisor supervisor = launcher.join(plan, initPidfd);
        List<Integer> descriptors = new ArrayList<>();
        try {
            descriptors.addAll(handed(supervisor));
            awaitStarted(supervisor);
            Warden warden = new Warden(supervisor, Linux.pidfdOpen(supervisor.pid()));
            Session session = new Session(warden, Streams.of(descriptors), this::closed);
            open.add(session);
            return session;
        } catch (RuntimeException e) {
            descriptors.forEach(Linux::close);
            abandon(supervisor);
            throw e instanceof LinuxFault fault ? HelperFault.of("exec", "streams", fault) : e;
        }
    }

    private static List<Integer> handed(Supervisor supervisor) {
        return switch (supervisor.listenForDescriptors(PATIENCE_MILLIS)) {
            case HelperMessage.Handed handed -> handed.descriptors();
            case HelperMessage.Failed failed -> throw HelperFault.of(failed);
            case HelperMessage other -> throw unexpected(other);
        };
    }

    private static void awaitStarted(Supervisor supervisor) {
        switch (supervisor.listen(PATIENCE_MILLIS)) {
            case HelperMessage.Started ignored -> {}
            case HelperMessage.Failed failed -> throw HelperFault.of(failed);
            case HelperMessage other -> throw unexpected(other);
        }
    }

    private static SandboxException unexpected(HelperMessage message) {
        return new SandboxException(Kind.HOST_FAULT, "exec", "helper", "ended early: " + message);
    }

    /** Whatever it has started dies with it, by the parent-death signal. */
    private static void abandon(Supervisor supervisor) {
        try {
            Linux.kill(supervisor.pid(), SIGKILL);
        } catch (LinuxFault e) {
            throw HelperFault.of("kill", "helper " + supervisor.pid(), e);
        } finally {
            Linux.reap(supervisor.pid());
            supervisor.hangUp();
        }
    }

    private void closed(Session session, Warden warden) {
        open.remove(session);
        if (!warden.reapWithin(Warden.PATIENCE_MILLIS)) {
            lingering.add(warden);
        }
    }

    /** Reaps helpers whose program ended late, with its sandbox for example. */
    public void sweep() {
        lingering.removeIf(warden -> warden.reapWithin(0));
    }

    @Override
    public void close() {
        List.copyOf(open).forEach(Session::close);
        sweep();
    }
}
