package dev.landlord.agent.diff;

import dev.landlord.agent.diff.ObservedSandbox.Phase;
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
        return new Assignment(
                a.allocation(),
                a.tenant(),
                a.workload(),
                a.index(),
                desired,
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

    static Assignment with(Assignment a, RestartPolicy.Mode mode) {
        RestartPolicy policy = new RestartPolicy(mode, 500, 8_000);
        return new Assignment(
                a.allocation(),
                a.tenant(),
                a.workload(),
                a.index(),
                a.desired(),
                a.process(),
                a.resources(),
                a.cpuWeight(),
                policy,
                a.restartCounter(),
                a.stopGraceMillis(),
                a.attachment(),
                a.health(),
                null,
                a.ioWeight(),
                a.cpuBurstPercent());
    }

    static Assignment with(Assignment a, ProcessSpec process) {
        return new Assignment(
                a.allocation(),
                a.tenant(),
                a.workload(),
                a.index(),
                a.desired(),
                process,
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

    static Assignment withRareTerms(Assignment a, @Nullable Integer ioWeight, @Nullable Integer cpuBurstPercent) {
        return new Assignment(
                a.allocation(),
                a.tenant(),
                a.workload(),
                a.index(),
                a.desired(),
                a.process(),
                a.resources(),
                a.cpuWeight(),
                a.restart(),
                a.restartCounter(),
                a.stopGraceMillis(),
                a.attachment(),
                a.health(),
                a.io(),
                ioWeight,
                cpuBurstPercent);
    }

    static Assignment withCounter(Assignment a, long counter) {
        return new Assignment(
                a.allocation(),
                a.tenant(),
                a.workload(),
                a.index(),
                a.desired(),
                a.process(),
                a.resources(),
                a.cpuWeight(),
                a.restart(),
                counter,
                a.stopGraceMillis(),
                a.attachment(),
                a.health(),
                null,
                a.ioWeight(),
                a.cpuBurstPercent());
    }

    static Assignment withCpu(Assignment a, long cpuMillis) {
        Resources old = a.resources();
        Resources resources = new Resources(cpuMillis, old.memoryBytes(), old.pids(), old.diskBytes(), old.inodes());
        return new Assignment(
                a.allocation(),
                a.tenant(),
                a.workload(),
                a.index(),
                a.desired(),
                a.process(),
                resources,
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

    static Assignment withCommand(Assignment a, String command) {
        ProcessSpec process = new ProcessSpec(a.process().image(), List.of(command), Map.of(), "0", "/", true);
        return new Assignment(
                a.allocation(),
                a.tenant(),
                a.workload(),
                a.index(),
                a.desired(),
                process,
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
