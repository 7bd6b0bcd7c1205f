package dev.landlord.runtime.plan;

import dev.landlord.runtime.Limits;
import dev.landlord.runtime.plan.LaunchStep.ResourceLimit;
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

    private static final int CPU = 0;
    private static final int FSIZE = 1;
    private static final int DATA = 2;
    private static final int STACK = 3;
    private static final int CORE = 4;
    private static final int NPROC = 6;
    private static final int NOFILE = 7;
    private static final int MEMLOCK = 8;
    private static final int AS = 9;
    private static final int SIGPENDING = 11;
    private static final int MSGQUEUE = 12;
    private static final int NICE = 13;
    private static final int RTPRIO = 14;
    private static final int RTTIME = 15;

    private static final long UNLIMITED = -1;

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
    List<LaunchStep> resourceLimits(Limits limits) {
        long processes = limits.pidsMax() == null ? 32_768 : limits.pidsMax();
        return List.of(
                new ResourceLimit(CORE, 0, 0),
                // Counted per host uid: a second fence behind pids.max, with room for the init.
                new ResourceLimit(NPROC, processes + 16, processes + 16),
                new ResourceLimit(NOFILE, 1024, 65_536),
                new ResourceLimit(MEMLOCK, 65_536, 65_536),
                new ResourceLimit(SIGPENDING, 1024, 1024),
                new ResourceLimit(MSGQUEUE, 819_200, 819_200),
                new ResourceLimit(NICE, 0, 0),
                new ResourceLimit(RTPRIO, 0, 0),
                new ResourceLimit(RTTIME, UNLIMITED, UNLIMITED),
                new ResourceLimit(STACK, 8L << 20, UNLIMITED),
                // What these bound is the control group's to bound.
                new ResourceLimit(CPU, UNLIMITED, UNLIMITED),
                new ResourceLimit(FSIZE, UNLIMITED, UNLIMITED),
                new ResourceLimit(DATA, UNLIMITED, UNLIMITED),
                new ResourceLimit(AS, UNLIMITED, UNLIMITED));
    }
}
