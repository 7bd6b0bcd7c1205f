package dev.landlord.agent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.landlord.agent.diff.ResourceLimits;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.workload.IoRates;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** On a host that limits reads and direct writes, and no others. */
class LimitGroupsTest {
    private static final TenantName ALICE = new TenantName("alice");

    private final SimulatedRuntime runtime = new SimulatedRuntime(new ManualClock());
    private final LimitGroups groups = new LimitGroups(runtime, null);

    private static ResourceLimits limits(boolean bufferedWrites) {
        IoRates rates = new IoRates(1L << 20, 2L << 20, null, null, bufferedWrites);
        return new ResourceLimits(250, 80 << 20, 32, 500, rates, null, null, null);
    }

    @Test
    void diskTrafficIsLimitedOnTheDiskOfTheSandboxes() {
        groups.writeSlice(ALICE, limits(false));
        assertThat(Objects.requireNonNull(runtime.ownerLimits("alice")).io())
                .containsExactly(new IoLimit(254, 0, 1L << 20, 2L << 20, null, null));
    }

    @Test
    void aShareOfTheDiskNeedsNoRates() {
        groups.writeSlice(ALICE, new ResourceLimits(250, 80 << 20, 32, 500, null, 700, null, null));
        assertThat(Objects.requireNonNull(runtime.ownerLimits("alice")).io())
                .containsExactly(new IoLimit(254, 0, null, null, null, null, 700));
    }

    @Test
    void aShareThatNobodyHeedsIsNotWritten() {
        runtime.capabilities.remove("io.weight");
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() ->
                        groups.writeSlice(ALICE, new ResourceLimits(250, 80 << 20, 32, 500, null, 700, null, null)))
                .withMessage("set io io.weight: this host cannot enforce it");
        assertThat(runtime.operations()).isEmpty();
    }

    @Test
    void everySliceIsBoundToTheCpusOfSandboxesAndOneIsTriedFirst() {
        LimitGroups bound = new LimitGroups(runtime, "1-7");
        bound.tryCpus();
        assertThat(runtime.operations()).hasSize(2);
        bound.writeSlice(ALICE, new ResourceLimits(250, 80 << 20, 32, 500));
        assertThat(Objects.requireNonNull(runtime.ownerLimits("alice")).cpu().cpuset())
                .isEqualTo("1-7");

        runtime.breakOperation("limitOwner");
        assertThatExceptionOfType(SandboxException.class).isThrownBy(bound::tryCpus);
    }

    @Test
    void whatCannotBeEnforcedIsNotWrittenInPart() {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> groups.writeSlice(ALICE, limits(true)))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED))
                .withMessageContaining("io.buffered")
                .withMessageContaining("simulated");
        assertThat(runtime.operations()).isEmpty();
    }
}
