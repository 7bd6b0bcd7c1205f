package dev.landlord.runtime.exec;

import dev.landlord.runtime.launch.Supervisor;
import dev.landlord.runtime.linux.Linux;
import dev.landlord.runtime.plan.JoinPlanner;

/** The process outside that watches a program inside: a child of ours until it is reaped. */
record Warden(Supervisor supervisor, int pidfd) {
    /** What it may take, from the hanging up on: the program's grace, and the end itself. */
    static final int PATIENCE_MILLIS = (int) JoinPlanner.GRACE_MILLIS + 3_000;

    /** True once it has ended; then it is reaped, and this is of no further use. */
    boolean reapWithin(int millis) {
        if (!Linux.readable(pidfd, millis)) {
            return false;
        }
        Linux.reap(supervisor.pid());
        Linux.close(pidfd);
        return true;
    }
}
