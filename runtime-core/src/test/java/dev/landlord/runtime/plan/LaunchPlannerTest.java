package dev.landlord.runtime.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.LogPolicy;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.SandboxId;
import dev.landlord.runtime.SandboxSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One golden file per isolation: each line is a step, so a review sees what changed in the order of a launch. */
class LaunchPlannerTest {
    static final Surroundings AROUND = new Surroundings(
            Path.of("/state/sandboxes/s1"),
            List.of(Path.of("/cg/cpu/r/alice/s1/cgroup.procs"), Path.of("/cg/memory/r/alice/s1/cgroup.procs")),
            Optional.empty(),
            List.of(Path.of("/cg/cpu/r/supervisors/cgroup.procs")),
            Optional.of(Path.of("/cg/memory/r/alice/s1")),
            Path.of("/state/lease"),
            new byte[16],
            Optional.empty(),
            new LaunchStep.ConfigureLinks(new byte[8]));

    static final Surroundings LINKED = new Surroundings(
            AROUND.stateDirectory(),
            AROUND.joinFiles(),
            AROUND.birthGroup(),
            AROUND.supervisorFiles(),
            AROUND.memoryGroup(),
            AROUND.leaseFile(),
            AROUND.seccompFilter(),
            Optional.of(new LaunchStep.AttachLink("ll64400005", new byte[64], 12)),
            new LaunchStep.ConfigureLinks(new byte[32]));

    static SandboxSpec spec(Isolation isolation, int uid) {
        return new SandboxSpec(
                new SandboxId("s1"),
                new OwnerId("alice"),
                new IdBlock(0x7000_0000L, IdBlock.DEFAULT_SIZE),
                Path.of("/images/busybox"),
                new ProcessSpec(
                        List.of("sh", "-c", "true"), Map.of("PATH", "/bin", "A", "b"), "/", uid, uid, List.of(7)),
                "shop-0",
                new Limits(100, 500L, 64L << 20, 32L, null, List.of()),
                1 << 20,
                1000,
                65_536,
                true,
                LogPolicy.DEFAULT,
                isolation,
                null,
                null);
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void plansTheGoldenSteps(Isolation isolation) throws IOException {
        assertThat(render(LaunchPlanner.plan(spec(isolation, 0), AROUND))).isEqualTo(golden(isolation + ".txt"));
    }

    @Test
    void aProgramThatIsNotRootHoldsNoCapability() {
        assertThat(LaunchPlanner.plan(spec(Isolation.FULL, 1000), AROUND).steps())
                .contains(new LaunchStep.Capabilities(0), new LaunchStep.User(1000, 1000, List.of(7)));
    }

    @Test
    void whoIsBornInItsGroupJoinsNone() {
        Surroundings born = new Surroundings(
                AROUND.stateDirectory(),
                List.of(),
                Optional.of(Path.of("/cg/r/alice/s1")),
                List.of(),
                Optional.empty(),
                AROUND.leaseFile(),
                new byte[8],
                Optional.empty(),
                AROUND.configureLinks());
        List<LaunchStep> steps =
                LaunchPlanner.plan(spec(Isolation.FULL, 0), born).steps();
        assertThat(steps).noneMatch(LaunchStep.JoinGroups.class::isInstance);
        assertThat(steps)
                .anyMatch(step -> step instanceof LaunchStep.Clone clone
                        && clone.birthGroup().equals("/cg/r/alice/s1"));
    }

    @Test
    void aLinkIsMadeByTheSupervisorAndConfiguredInsideBeforeAnyPrivilegeIsGiven() {
        List<LaunchStep> steps =
                LaunchPlanner.plan(spec(Isolation.FULL, 0), LINKED).steps();
        LaunchStep attach = LINKED.attachLink().orElseThrow();
        assertThat(steps).containsSubsequence(attach, new LaunchStep.AwaitGroups(), LINKED.configureLinks());
        assertThat(steps.indexOf(LINKED.configureLinks()))
                .isLessThan(steps.indexOf(new LaunchStep.BoundCapabilities(1275)));
    }

    private static String render(LaunchPlan plan) {
        return plan.steps().stream().map(LaunchPlannerTest::line).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String line(LaunchStep step) {
        return switch (step) {
            case LaunchStep.Seccomp seccomp -> "Seccomp[bytes=" + seccomp.filter().length + "]";
            case LaunchStep.ConfigureLinks links -> "ConfigureLinks[bytes=" + links.requests().length + "]";
            default -> step.toString();
        };
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = LaunchPlannerTest.class.getResourceAsStream("/plan/" + name)) {
            return in == null ? "no golden file " + name : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
