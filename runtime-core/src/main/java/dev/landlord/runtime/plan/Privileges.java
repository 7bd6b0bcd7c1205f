package dev.landlord.runtime.plan;

import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.Rlimit;
import dev.landlord.runtime.plan.LaunchStep.BoundCapabilities;
import dev.landlord.runtime.plan.LaunchStep.Capabilities;
import dev.landlord.runtime.plan.LaunchStep.NoNewPrivileges;
import dev.landlord.runtime.plan.LaunchStep.Park;
import dev.landlord.runtime.plan.LaunchStep.ResourceLimit;
import dev.landlord.runtime.plan.LaunchStep.Seccomp;
import dev.landlord.runtime.plan.LaunchStep.User;
import dev.landlord.runtime.plan.LaunchStep.Workdir;
import java.util.Arrays;
import java.util.List;

/**
 * What a program may still do inside its own user namespace.
 *
 * @param bounding mask of capabilities that can ever be had
 * @param held mask that the program starts with: all of them as root, none as anybody else
 */
record Privileges(long bounding, long held) {
    private static final int CHOWN = 0;
    private static final int DAC_OVERRIDE = 1;
    private static final int FOWNER = 3;
    private static final int FSETID = 4;
    private static final int KILL = 5;
    private static final int SETGID = 6;
    private static final int SETUID = 7;
    private static final int NET_BIND_SERVICE = 10;

    /** Enough for a server that starts as root and drops to a user of its own. No mounts, no raw sockets, no mknod. */
    private static final long BOUNDING = bit(CHOWN)
            | bit(DAC_OVERRIDE)
            | bit(FOWNER)
            | bit(FSETID)
            | bit(KILL)
            | bit(SETGID)
            | bit(SETUID)
            | bit(NET_BIND_SERVICE);

    static Privileges forUser(int uid) {
        return new Privileges(BOUNDING, uid == 0 ? BOUNDING : 0);
    }

    private static long bit(int capability) {
        return 1L << capability;
    }

    /**
     * All that the kernel still knows, explicitly: what the launching process happens to have must not reach a tenant. A
     * service manager may have given it real-time priority, or a small stack.
     */
    static List<LaunchStep> resourceLimits(List<Rlimit> wanted) {
        return Arrays.stream(Rlimit.Resource.values())
                .map(resource -> wanted.stream()
                        .filter(limit -> limit.resource() == resource)
                        .findFirst()
                        .orElseGet(resource::byDefault))
                .<LaunchStep>map(limit -> new ResourceLimit(limit.resource().number(), limit.soft(), limit.hard()))
                .toList();
    }

    /**
     * The end of every list of steps, whoever is confined by it: the sandbox's own program, or one that joins it. Nothing but
     * the exec comes behind it.
     */
    static void addDrop(List<LaunchStep> steps, ProcessSpec process, byte[] seccompFilter) {
        Privileges privileges = forUser(process.uid());
        steps.add(new BoundCapabilities(privileges.bounding()));
        addUser(steps, process);
        steps.add(new Capabilities(privileges.held()));
        steps.add(new NoNewPrivileges());
        steps.add(new Park());
        steps.add(new Seccomp(seccompFilter));
    }

    static void addUser(List<LaunchStep> steps, ProcessSpec process) {
        steps.add(new User(process.uid(), process.gid(), process.groups()));
        // Behind the change of user: a directory that the program may not enter is an error, as for a login.
        steps.add(new Workdir(process.workdir()));
    }
}
