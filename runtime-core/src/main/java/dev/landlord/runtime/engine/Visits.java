package dev.landlord.runtime.engine;

import dev.landlord.runtime.ExecSession;
import dev.landlord.runtime.ExecSpec;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxStatus.Phase;
import dev.landlord.runtime.cgroup.CgroupTree;
import dev.landlord.runtime.exec.Consoles;
import dev.landlord.runtime.exec.ExecSessions;
import dev.landlord.runtime.linux.Linux;
import dev.landlord.runtime.plan.JoinPlanner;
import dev.landlord.runtime.plan.LaunchPlan;
import java.time.Duration;
import java.util.Optional;

/** Lets further programs into sandboxes that can take one. */
final class Visits {
    private final CgroupTree groups;
    private final ExecSessions sessions;
    private final byte[] seccompFilter;

    Visits(CgroupTree groups, ExecSessions sessions, byte[] seccompFilter) {
        this.groups = groups;
        this.sessions = sessions;
        this.seccompFilter = seccompFilter;
    }

    ExecSession exec(Sandbox sandbox, ExecSpec spec) {
        refuseUnlessItRuns(sandbox);
        int init = sandbox.program().orElseThrow(() -> refused(sandbox, "it has ended"));
        try {
            return sessions.start(plan(sandbox, spec), init);
        } catch (SandboxException e) {
            // Then that is the reason, whatever the kernel called it.
            throw sandbox.hasEnded() ? refused(sandbox, "it has ended") : e;
        } finally {
            Linux.close(init);
        }
    }

    /** Somebody in front of its own program; that may be frozen, and then says nothing. */
    ExecSession attach(Sandbox sandbox) {
        Phase phase = sandbox.status().phase();
        if (phase != Phase.RUNNING && phase != Phase.FROZEN) {
            throw refused(sandbox, "it is " + phase);
        }
        return Consoles.attach(
                sandbox.directory(), () -> sandbox.awaitExit(Duration.ZERO), signal -> sandbox.signalProgram(signal));
    }

    private static void refuseUnlessItRuns(Sandbox sandbox) {
        Phase phase = sandbox.status().phase();
        if (phase != Phase.RUNNING) {
            throw refused(sandbox, "it is " + phase);
        }
        Optional<Isolation> isolation = sandbox.directory().run().map(run -> run.isolation());
        if (!isolation.equals(Optional.of(Isolation.FULL))) {
            throw refused(sandbox, "only a fully isolated sandbox can take another program");
        }
    }

    private static SandboxException refused(Sandbox sandbox, String reason) {
        return new SandboxException(Kind.INVALID, "exec in", sandbox.id().value(), reason);
    }

    private LaunchPlan plan(Sandbox sandbox, ExecSpec spec) {
        ProcessSpec process = sandbox.directory()
                .process()
                .orElseThrow(() -> refused(sandbox, "it was made by an earlier version; restart it first"));
        return JoinPlanner.plan(
                spec,
                process,
                new JoinPlanner.Around(
                        groups.joinFiles(sandbox.owner(), sandbox.id()),
                        groups.birthDirectory(sandbox.owner(), sandbox.id()),
                        groups.supervisorJoinFiles(),
                        seccompFilter));
    }

    void sweep() {
        sessions.sweep();
    }

    void close() {
        sessions.close();
    }
}
