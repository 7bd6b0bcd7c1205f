package dev.landlord.runtime.plan;

import dev.landlord.runtime.Console;
import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.LogPolicy;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.plan.LaunchStep.AwaitGroups;
import dev.landlord.runtime.plan.LaunchStep.BecomeRoot;
import dev.landlord.runtime.plan.LaunchStep.CgroupNamespace;
import dev.landlord.runtime.plan.LaunchStep.Chroot;
import dev.landlord.runtime.plan.LaunchStep.Clone;
import dev.landlord.runtime.plan.LaunchStep.Exec;
import dev.landlord.runtime.plan.LaunchStep.Hostname;
import dev.landlord.runtime.plan.LaunchStep.JoinGroups;
import dev.landlord.runtime.plan.LaunchStep.Lease;
import dev.landlord.runtime.plan.LaunchStep.MapIds;
import dev.landlord.runtime.plan.LaunchStep.MountsPrivate;
import dev.landlord.runtime.plan.LaunchStep.OomGroup;
import dev.landlord.runtime.plan.LaunchStep.OomScore;
import dev.landlord.runtime.plan.LaunchStep.OutputOwner;
import dev.landlord.runtime.plan.LaunchStep.Park;
import dev.landlord.runtime.plan.LaunchStep.Pivot;
import dev.landlord.runtime.plan.LaunchStep.RootAttach;
import dev.landlord.runtime.plan.LaunchStep.RootOverlay;
import dev.landlord.runtime.plan.LaunchStep.Streams;
import dev.landlord.runtime.plan.LaunchStep.Supervise;
import dev.landlord.runtime.plan.LaunchStep.SupervisorGroups;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Turns a wish into steps. The order is the kernel's: see the comments here and user_namespaces(7), pivot_root(2),
 * cgroup_namespaces(7), seccomp(2).
 */
public final class LaunchPlanner {
    static final long NEW_MOUNTS = 0x0002_0000L;
    /** uts, ipc, user, pid, net; the cgroup namespace comes later, once the groups are joined. */
    static final long NEW_REST = 0x0400_0000L | 0x0800_0000L | 0x1000_0000L | 0x2000_0000L | 0x4000_0000L;

    /** A host that is out of memory shall take it from tenants before it takes the agent; raising is always allowed. */
    static final int OOM_SCORE_OF_TENANTS = 500;

    /** A terminal's size until somebody says that of his own. */
    private static final int ROWS = 24;

    private static final int COLUMNS = 80;

    private LaunchPlanner() {}

    public static LaunchPlan plan(SandboxSpec spec, Surroundings around) {
        List<LaunchStep> steps = new ArrayList<>();
        supervisorSteps(steps, spec, around);
        if (spec.isolation() == Isolation.CHROOT_ONLY) {
            changedRootOnly(steps, spec);
        } else {
            isolated(steps, spec, around);
        }
        if (spec.isolation() == Isolation.FULL) {
            confined(steps, spec, around);
        } else {
            unconfined(steps, spec);
        }
        steps.add(new Exec(
                spec.init(),
                spec.process().command(),
                new TreeMap<>(spec.process().env())));
        return new LaunchPlan(steps);
    }

    private static void supervisorSteps(List<LaunchStep> steps, SandboxSpec spec, Surroundings around) {
        boolean mapped = spec.isolation() != Isolation.CHROOT_ONLY;
        IdBlock ids = spec.ids();
        ProcessSpec process = spec.process();
        LogPolicy logs = spec.logs();
        steps.add(new Supervise(
                around.stateDirectory(),
                logs.maxBytesPerFile(),
                logs.maxFiles(),
                logs.maxBytesPerSecond(),
                spec.owner() + " " + spec.isolation()));
        // The mount namespace of the lesson's first act is not part of the lesson: it keeps the host's mount table
        // clean.
        steps.add(new Clone(
                mapped ? NEW_MOUNTS | NEW_REST : NEW_MOUNTS,
                around.birthGroup().map(Object::toString).orElse("")));
        if (mapped) {
            steps.add(new MapIds(ids.base(), ids.size()));
            steps.add(new OutputOwner(ids.base() + process.uid(), ids.base() + process.gid()));
        }
        steps.add(new RootOverlay(
                spec.image(), spec.writableBytes(), spec.writableInodes(), mapped ? ids.base() : 0, mapped));
        // Also without limits a sandbox is in a group of its own, so that all of it can be found and killed.
        if (around.birthGroup().isEmpty()) {
            steps.add(new JoinGroups(around.joinFiles()));
        }
        steps.add(new SupervisorGroups(around.supervisorFiles()));
        steps.add(new OomScore(OOM_SCORE_OF_TENANTS));
        if (spec.isolation() == Isolation.FULL) { // the others may have no pid namespace that ends as a whole
            around.memoryGroup()
                    .map(group ->
                            new OomGroup(group.resolve("memory.oom_control"), group.resolve("cgroup.event_control")))
                    .ifPresent(steps::add);
        }
        Long leaseTerm = spec.leaseTerm();
        if (leaseTerm != null) {
            steps.add(new Lease(around.leaseFile(), leaseTerm));
        }
        around.attachLink().ifPresent(steps::add);
    }

    private static void changedRootOnly(List<LaunchStep> steps, SandboxSpec spec) {
        steps.add(new MountsPrivate());
        steps.add(new RootAttach());
        RootFileSystem.addMounts(steps, spec);
        steps.add(new Chroot());
        steps.add(new AwaitGroups());
    }

    private static void isolated(List<LaunchStep> steps, SandboxSpec spec, Surroundings around) {
        steps.add(new BecomeRoot());
        boolean linked = around.attachLink().isPresent();
        if (!linked) {
            steps.add(around.configureLinks());
        }
        steps.add(new MountsPrivate());
        steps.add(new RootAttach());
        RootFileSystem.addMounts(steps, spec);
        RootFileSystem.addMasks(steps);
        steps.add(new Pivot());
        steps.add(new Hostname(spec.hostname()));
        steps.add(new AwaitGroups());
        // The supervisor has made the link by now, while the mounts were made here.
        if (linked) {
            steps.add(around.configureLinks());
        }
        // Unshared earlier it would show the group of the supervisor as the root.
        steps.add(new CgroupNamespace());
    }

    private static void confined(List<LaunchStep> steps, SandboxSpec spec, Surroundings around) {
        if (spec.process().console() != Console.NONE) {
            steps.add(streams(spec.process()));
        }
        steps.addAll(Privileges.resourceLimits(spec.process().rlimits()));
        Privileges.addDrop(steps, spec.process(), around.seccompFilter());
    }

    /** Opened as root inside, who alone may give them to the user. */
    private static Streams streams(ProcessSpec process) {
        boolean terminal = process.console() == Console.TERMINAL;
        return new Streams(terminal, true, terminal ? ROWS : 0, terminal ? COLUMNS : 0, process.uid(), process.gid());
    }

    private static void unconfined(List<LaunchStep> steps, SandboxSpec spec) {
        Privileges.addUser(steps, spec.process());
        steps.add(new Park());
    }
}
