package dev.landlord.agent.diff;

import dev.landlord.agent.diff.ObservedSandbox.Phase;
import dev.landlord.agent.variant.Variant;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredState;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.RestartPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Small words for the things that tests of this room talk about. */
final class DiffFixtures {
    static final TenantName ALICE = new TenantName("alice");
    static final AllocationId A1 = new AllocationId("aaaaaaaa1");
    static final long GRACE = 5_000;

    private DiffFixtures() {}

    static Assignment assignment(AllocationId id, TenantName tenant) {
        return new Assignment(
                id,
                tenant,
                new WorkloadName("shop"),
                0,
                Assignment.Desired.RUNNING,
                new ProcessSpec(new ImageName("busybox"), List.of("true"), Map.of(), "0", "/", true),
                new Resources(100, 64 << 20, 32, 1 << 20, 100),
                100,
                new RestartPolicy(RestartPolicy.Mode.ALWAYS, 500, 8_000),
                0,
                GRACE,
                null,
                null,
                null,
                null,
                null);
    }

    static Assignment assignment() {
        return assignment(A1, ALICE);
    }

    static Assignment with(Assignment a, Assignment.Desired desired) {
        return Variant.of(a).desired(desired).make();
    }

    static Assignment with(Assignment a, RestartPolicy.Mode mode) {
        RestartPolicy policy = new RestartPolicy(mode, 500, 8_000);
        return Variant.of(a).restart(policy).make();
    }

    static Assignment withRareTerms(Assignment a, @Nullable Integer ioWeight, @Nullable Integer cpuBurstPercent) {
        return Variant.of(a).ioWeight(ioWeight).cpuBurstPercent(cpuBurstPercent).make();
    }

    static Assignment withCounter(Assignment a, long counter) {
        return Variant.of(a).restartCounter(counter).make();
    }

    static Assignment withCpu(Assignment a, long cpuMillis) {
        return Variant.of(a).cpuMillis(cpuMillis).make();
    }

    static Assignment withCommand(Assignment a, String command) {
        ProcessSpec process = new ProcessSpec(a.process().image(), List.of(command), Map.of(), "0", "/", true);
        return Variant.of(a).process(process).make();
    }

    static DesiredState desired(Assignment... assignments) {
        return new DesiredState(new Generation("db-1", 1), Arrays.asList(assignments), Set.of(), null);
    }

    static DesiredState frozen(DesiredState desired, TenantName... tenants) {
        return new DesiredState(desired.generation(), desired.assignments(), Set.of(tenants), null);
    }

    static ObservedSandbox running(int run) {
        return new ObservedSandbox(A1, run, ALICE, Phase.RUNNING, 1_000, 0, null);
    }

    static ObservedSandbox exited(int run, int code, long startedAt, long endedAt) {
        Ending ending = new Ending(startedAt, endedAt, code, false, "exit " + code);
        return new ObservedSandbox(A1, run, ALICE, Phase.EXITED, startedAt, 0, ending);
    }
}
