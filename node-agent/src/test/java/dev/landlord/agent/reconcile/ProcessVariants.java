package dev.landlord.agent.reconcile;

import dev.landlord.agent.variant.Variant;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.RestartPolicy;

/** An assignment with one thing changed. */
final class ProcessVariants {
    private ProcessVariants() {}

    static Assignment image(Assignment a, String image) {
        ProcessSpec old = a.process();
        return Variant.of(a)
                .process(new ProcessSpec(
                        new ImageName(image), old.command(), old.env(), old.user(), old.workdir(), old.init()))
                .make();
    }

    static Assignment user(Assignment a, String user) {
        ProcessSpec old = a.process();
        return Variant.of(a)
                .process(new ProcessSpec(old.image(), old.command(), old.env(), user, old.workdir(), old.init()))
                .make();
    }

    static Assignment cpu(Assignment a, long cpuMillis) {
        return Variant.of(a).cpuMillis(cpuMillis).make();
    }

    static Assignment restart(Assignment a, RestartPolicy.Mode mode) {
        return Variant.of(a).restart(new RestartPolicy(mode, 500, 8_000)).make();
    }

    static Assignment stopped(Assignment a) {
        return Variant.of(a).desired(Assignment.Desired.STOPPED).make();
    }
}
