package dev.landlord.agent.sandbox;

import static dev.landlord.api.rlimit.Rlimit.Resource.FSIZE;
import static dev.landlord.api.rlimit.Rlimit.Resource.NOFILE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.landlord.agent.diff.AgentAction.Start;
import dev.landlord.agent.diff.ResourceLimits;
import dev.landlord.agent.image.content.UserLookup;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.rlimit.Rlimit;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.workload.Console;
import dev.landlord.api.workload.IoRates;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.RestartPolicy;
import dev.landlord.runtime.BlockDevice;
import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.Rlimit.Resource;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxSpec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpecMapperTest {
    private static final UserLookup.Found USER = new UserLookup.Found(7, 8, List.of(9), "/home/seven");

    private static SandboxSpec spec(Map<String, String> env, boolean init) {
        return spec(env, init, null);
    }

    private static SandboxSpec spec(Map<String, String> env, boolean init, @Nullable Console console) {
        return spec(
                new ProcessSpec(new ImageName("busybox"), List.of("sh", "-c", "x"), env, "7:8", "/srv", init, console));
    }

    private static SandboxSpec spec(ProcessSpec process) {
        Assignment assignment = new Assignment(
                new AllocationId("abcdefgh1"),
                new TenantName("alice"),
                new WorkloadName("shop"),
                3,
                Assignment.Desired.RUNNING,
                process,
                new Resources(250, 80 << 20, 32, 1 << 20, 100),
                500,
                RestartPolicy.DEFAULT,
                0,
                1_000,
                null,
                null,
                null,
                null,
                null);
        return SpecMapper.spec(
                new Start(assignment, 4, null), Path.of("/images/x"), new IdBlock(1_879_048_192L, 65_536), USER);
    }

    @Test
    void namesTheSandboxByAllocationAndRunAndTheHostByWorkload() {
        SandboxSpec spec = spec(Map.of(), true);
        assertThat(spec.id().value()).isEqualTo("abcdefgh1-r4");
        assertThat(SandboxName.parse(spec.id())).contains(new SandboxName(new AllocationId("abcdefgh1"), 4));
        assertThat(spec.owner().value()).isEqualTo("alice");
        assertThat(spec.hostname()).isEqualTo("shop-3");
        assertThat(spec.isolation()).isEqualTo(Isolation.FULL);
    }

    @Test
    void aProgramOnATerminalIsToldOfItUnlessItsTenantSaysMore() {
        assertThat(spec(Map.of(), true).process().console()).isEqualTo(dev.landlord.runtime.Console.NONE);
        SandboxSpec piped = spec(Map.of(), true, Console.PIPE);
        assertThat(piped.process().console()).isEqualTo(dev.landlord.runtime.Console.PIPE);
        assertThat(piped.process().env()).doesNotContainKey("TERM");
        SandboxSpec terminal = spec(Map.of(), true, Console.TERMINAL);
        assertThat(terminal.process().console()).isEqualTo(dev.landlord.runtime.Console.TERMINAL);
        assertThat(terminal.process().env()).containsEntry("TERM", "xterm");
        assertThat(spec(Map.of("TERM", "vt100"), true, Console.TERMINAL)
                        .process()
                        .env())
                .containsEntry("TERM", "vt100");
    }

    @Test
    void aProgramHasTheRlimitsThatItsTenantAskedForAndNoOthers() {
        assertThat(spec(Map.of(), true).process().rlimits()).isEmpty();
        assertThat(limited(Map.of(NOFILE, new Rlimit(256L, 512L), FSIZE, new Rlimit(4096L, null)))
                        .process()
                        .rlimits())
                .containsExactlyInAnyOrder(
                        new dev.landlord.runtime.Rlimit(Resource.NOFILE, 256, 512),
                        new dev.landlord.runtime.Rlimit(Resource.FSIZE, 4096, dev.landlord.runtime.Rlimit.UNLIMITED));
    }

    private static SandboxSpec limited(Map<Rlimit.Resource, Rlimit> rlimits) {
        return spec(new ProcessSpec(
                new ImageName("busybox"), List.of("sh"), Map.of(), "0", "/", true, null, null, rlimits));
    }

    /** What may be asked for stands on the side of the control plane, and what is given on the side of the runtime. */
    @Test
    void whatIsUsualAndMostIsTheSameOnBothSides() {
        assertThat(Resource.values())
                .extracting(Enum::name)
                .containsAll(
                        Arrays.stream(Rlimit.Resource.values()).map(Enum::name).toList());
        for (Rlimit.Resource resource : Rlimit.Resource.values()) {
            Rlimit all = new Rlimit(resource.usual(), resource.most());
            assertThat(limited(Map.of(resource, all)).process().rlimits())
                    .containsExactly(Resource.valueOf(resource.name()).byDefault());
        }
    }

    @Test
    void limitsAreThoseOfTheReplicaAndTheWeightIsBySize() {
        SandboxSpec spec = spec(Map.of(), true);
        assertThat(spec.limits().cpu().maxMillis()).isEqualTo(250);
        assertThat(spec.limits().cpu().weight()).isEqualTo(25);
        assertThat(spec.limits().memory().maxBytes()).isEqualTo(80 << 20);
        assertThat(spec.writableBytes()).isEqualTo(1 << 20);
        assertThat(spec.writableInodes()).isEqualTo(100);
        assertThat(spec.shmBytes()).isEqualTo(20 << 20);
    }

    @Test
    void swapIsOnTopOfTheMemoryOfASandboxAndOfItsTenant() {
        ResourceLimits limits = new ResourceLimits(250, 80 << 20, 32, 500, null, null, null, 48L << 20);
        assertThat(SpecMapper.leafLimits(limits).memory()).isEqualTo(new Limits.Memory(80L << 20, 48 << 20));
        assertThat(SpecMapper.ownerLimits(limits, null, null).memory())
                .isEqualTo(new Limits.Memory(80L << 20, 48 << 20));
        assertThat(SpecMapper.leafLimits(new ResourceLimits(250, 80 << 20, 32, 500))
                        .memory())
                .isEqualTo(new Limits.Memory(80L << 20, 0));
    }

    @Test
    void diskTrafficIsLimitedForTheTenantAsAWholeOnTheDiskOfItsSandboxes() {
        IoRates rates = new IoRates(1L << 20, null, null, 100L, false);
        ResourceLimits limits = new ResourceLimits(250, 80 << 20, 32, 500, rates, null, null, null);
        assertThat(SpecMapper.ownerLimits(limits, new BlockDevice(254, 16, "vdb"), null)
                        .io())
                .containsExactly(new IoLimit(254, 16, 1L << 20, null, null, 100L));
        assertThat(SpecMapper.leafLimits(limits).io()).isEmpty();
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> SpecMapper.ownerLimits(limits, null, null))
                .satisfies(e -> assertThat(e.operation()).isEqualTo("set io"));
        assertThat(SpecMapper.ownerLimits(new ResourceLimits(250, 80 << 20, 32, 500), null, null)
                        .io())
                .isEmpty();
    }

    @Test
    void theShareOfTheDiskGoesWithItsRatesOrAlone() {
        BlockDevice disk = new BlockDevice(254, 16, "vdb");
        IoRates rates = new IoRates(1L << 20, null, null, 100L, false);
        ResourceLimits both = new ResourceLimits(250, 80 << 20, 32, 500, rates, 700, null, null);
        assertThat(SpecMapper.ownerLimits(both, disk, null).io())
                .containsExactly(new IoLimit(254, 16, 1L << 20, null, null, 100L, 700));
        ResourceLimits alone = new ResourceLimits(250, 80 << 20, 32, 500, null, 700, null, null);
        assertThat(SpecMapper.ownerLimits(alone, disk, null).io())
                .containsExactly(new IoLimit(254, 16, null, null, null, null, 700));
        assertThat(SpecMapper.leafLimits(alone).io()).isEmpty();
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> SpecMapper.ownerLimits(alone, null, null))
                .satisfies(e -> assertThat(e.operation()).isEqualTo("set io"));
    }

    /** A slice that let nothing be saved up would hold back what its sandboxes have saved. */
    @Test
    void whatIsSavedUpOfTheCpuIsTheSandboxesAndTheSlices() {
        ResourceLimits limits = new ResourceLimits(250, 80 << 20, 32, 500, null, null, 12_500L, null);
        assertThat(SpecMapper.leafLimits(limits).cpu().burstMicros()).isEqualTo(12_500);
        assertThat(SpecMapper.ownerLimits(limits, null, null).cpu().burstMicros())
                .isEqualTo(12_500);
        assertThat(spec(Map.of(), true).limits().cpu().burstMicros()).isNull();
    }

    @Test
    void theCpusOfSandboxesAreTheSlicesAndTheSandboxesInherit() {
        ResourceLimits limits = new ResourceLimits(250, 80 << 20, 32, 500);
        assertThat(SpecMapper.ownerLimits(limits, null, "1-7").cpu().cpuset()).isEqualTo("1-7");
        assertThat(SpecMapper.ownerLimits(limits, null, null).cpu().cpuset()).isNull();
        assertThat(SpecMapper.leafLimits(limits).cpu().cpuset()).isNull();
    }

    @Test
    void ourInitIsNotPaidForByTheTenant() {
        assertThat(spec(Map.of(), true).limits().pidsMax()).isEqualTo(33);
        assertThat(spec(Map.of(), false).limits().pidsMax()).isEqualTo(32);
    }

    @Test
    void theTenantsOwnVariablesWinExceptOverWhoItIs() {
        Map<String, String> env = spec(Map.of("PATH", "/mine", "LANDLORD_TENANT", "bob", "X", "y"), true)
                .process()
                .env();
        assertThat(env)
                .containsEntry("PATH", "/mine")
                .containsEntry("X", "y")
                .containsEntry("HOME", "/home/seven")
                .containsEntry("HOSTNAME", "shop-3")
                .containsEntry("LANDLORD_TENANT", "alice")
                .containsEntry("LANDLORD_WORKLOAD", "shop")
                .containsEntry("LANDLORD_ALLOCATION", "abcdefgh1");
    }

    @Test
    void foreignSandboxNamesAreNotOurs() {
        for (String foreign : List.of("host-trial-12", "abcdefgh1", "abcdefgh1-r0", "abc-r1", "abcdefgh1-r1-r2")) {
            assertThat(SandboxName.parse(new dev.landlord.runtime.SandboxId(foreign)))
                    .as(foreign)
                    .isEmpty();
        }
    }
}
