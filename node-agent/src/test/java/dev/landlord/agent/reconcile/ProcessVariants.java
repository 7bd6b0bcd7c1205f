package dev.landlord.agent.reconcile;

import dev.landlord.api.id.ImageName;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.RestartPolicy;

/** An assignment with one thing changed. */
final class ProcessVariants {
    private ProcessVariants() {}

    static Assignment image(Assignment a, String image) {
        ProcessSpec old = a.process();
        return with(
                a,
                new ProcessSpec(new ImageName(image), old.command(), old.env(), old.user(), old.workdir(), old.init()),
                a.resources());
    }

    static Assignment user(Assignment a, String user) {
        ProcessSpec old = a.process();
        return with(
                a,
                new ProcessSpec(old.image(), old.command(), old.env(), user, old.workdir(), old.init()),
                a.resources());
    }

    static Assignment cpu(Assignment a, long cpuMillis) {
        Resources old = a.resources();
        return with(
                a, a.process(), new Resources(cpuMillis, old.memoryBytes(), old.pids(), old.diskBytes(), old.inodes()));
    }

    static Assignment restart(Assignment a, RestartPolicy.Mode mode) {
        return with(a, a.process(), a.resources(), new RestartPolicy(mode, 500, 8_000));
    }

    static Assignment stopped(Assignment a) {
        return new Assignment(
                a.allocation(),
                a.tenant(),
                a.workload(),
                a.index(),
                Assignment.Desired.STOPPED,
                a.process(),
                a.resources(),
                a.cpuWeight(),
                a.restart(),
                a.restartCounter(),
                a.stopGraceMillis(),
                a.attachment(),
                a.health(),
                null,
                a.ioWeight(),
                a.cpuBurstPercent());
    }

    private static Assignment with(Assignment a, ProcessSpec process, Resources resources) {
        return with(a, process, resources, a.restart());
    }

    private static Assignment with(Assignment a, ProcessSpec process, Resources resources, RestartPolicy restart) {
        return new Assignment(
                a.allocation(),
                a.tenant(),
                a.workload(),
                a.index(),
                a.desired(),
                process,
                resources,
                a.cpuWeight(),
                restart,
                a.restartCounter(),
                a.stopGraceMillis(),
                a.attachment(),
                a.health(),
                null,
                a.ioWeight(),
                a.cpuBurstPercent());
    }
}
