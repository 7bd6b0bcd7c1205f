package dev.landlord.runtime.plan;

import dev.landlord.runtime.ExecSpec;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.TerminalSize;
import dev.landlord.runtime.plan.LaunchStep.BecomeRoot;
import dev.landlord.runtime.plan.LaunchStep.Exec;
import dev.landlord.runtime.plan.LaunchStep.Join;
import dev.landlord.runtime.plan.LaunchStep.JoinGroups;
import dev.landlord.runtime.plan.LaunchStep.OomScore;
import dev.landlord.runtime.plan.LaunchStep.ResourceLimitsOfInit;
import dev.landlord.runtime.plan.LaunchStep.Streams;
import dev.landlord.runtime.plan.LaunchStep.SupervisorGroups;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Plans one more program for a sandbox that is there. What confines it is the same list of steps as at a launch. */
public final class JoinPlanner {
    /** From SIGHUP to SIGKILL, in milliseconds. */
    public static final long GRACE_MILLIS = 2_000;

    private static final long CGROUP_NAMESPACE = 0x0200_0000L;

    private JoinPlanner() {}

    /**
     * What a plan needs to know of the sandbox and its host; as {@link Surroundings} says.
     *
     * @param joinFiles unused if there is a birth group
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is; compared by nobody
    public record Around(
            List<Path> joinFiles, Optional<Path> birthGroup, List<Path> supervisorFiles, byte[] seccompFilter) {
        public Around {
            joinFiles = List.copyOf(joinFiles);
            supervisorFiles = List.copyOf(supervisorFiles);
        }
    }

    /** @param process the sandbox's own program; the sandbox must be fully isolated */
    public static LaunchPlan plan(ExecSpec spec, ProcessSpec process, Around around) {
        List<LaunchStep> steps = new ArrayList<>();
        steps.add(new Join(
                LaunchPlanner.NEW_MOUNTS | LaunchPlanner.NEW_REST | CGROUP_NAMESPACE,
                around.birthGroup().map(Path::toString).orElse(""),
                GRACE_MILLIS));
        if (around.birthGroup().isEmpty()) {
            steps.add(new JoinGroups(around.joinFiles()));
        }
        steps.add(new SupervisorGroups(around.supervisorFiles()));
        steps.add(new OomScore(LaunchPlanner.OOM_SCORE_OF_TENANTS));
        steps.add(new BecomeRoot());
        // As root inside, who alone may give them to the user.
        steps.add(streams(spec, process));
        steps.add(new ResourceLimitsOfInit());
        Privileges.addDrop(steps, process, around.seccompFilter());
        Map<String, String> environment = new TreeMap<>(spec.env());
        environment.putAll(process.env());
        steps.add(new Exec(false, spec.command(), environment));
        return new LaunchPlan(steps);
    }

    private static Streams streams(ExecSpec spec, ProcessSpec process) {
        TerminalSize size = spec.terminal();
        int uid = process.uid();
        int gid = process.gid();
        return size == null
                ? new Streams(false, spec.input(), 0, 0, uid, gid)
                : new Streams(true, true, size.rows(), size.columns(), uid, gid);
    }
}
