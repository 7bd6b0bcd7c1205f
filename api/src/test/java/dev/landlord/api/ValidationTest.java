package dev.landlord.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.api.id.Generation;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.join.JoinRequest;
import dev.landlord.api.plan.PlanSpec;
import dev.landlord.api.problem.ProblemCode;
import dev.landlord.api.workload.InvalidField;
import dev.landlord.api.workload.IoRates;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.RestartPolicy;
import dev.landlord.api.workload.SpecChange;
import dev.landlord.api.workload.SpecChange.Kind;
import dev.landlord.api.workload.WorkloadKind;
import dev.landlord.api.workload.WorkloadSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input never becomes a record, and the message names the field and the rule. */
class ValidationTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a/b",
                "../x",
                "A",
                "-a",
                "a-",
                "a b",
                "a\n",
                "a\0",
                "ä",
                "12345678901234567890123456789012345678901"
            })
    void refusesNamesThatAreNotNames(String name) {
        assertThatThrownBy(() -> new TenantName(name)).hasMessageContaining("TenantName must match");
        assertThatThrownBy(() -> new ImageName(name)).hasMessageContaining("ImageName must match");
    }

    @Test
    void takesTheLongestName() {
        assertThat(new TenantName("a".repeat(40)).value()).hasSize(40);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 9, 1_024_001, Long.MAX_VALUE})
    void refusesAbsurdCpu(long cpuMillis) {
        assertThatThrownBy(() -> new Resources(cpuMillis, Resources.MIB * 8, 1, Resources.MIB, 16))
                .isInstanceOfSatisfying(
                        InvalidField.class, e -> assertThat(e.field()).isEqualTo("resources.cpuMillis"));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, (16L << 40) + 1, Long.MAX_VALUE})
    void refusesAbsurdSwap(long swapBytes) {
        assertThatThrownBy(() -> swapping(swapBytes))
                .isInstanceOfSatisfying(
                        InvalidField.class, e -> assertThat(e.field()).isEqualTo("resources.swapBytes"));
    }

    private static Resources swapping(@Nullable Long swapBytes) {
        return new Resources(100, 64 * Resources.MIB, 10, Resources.MIB, 100, swapBytes);
    }

    @Test
    void noSwapIsNotSaidAndNeedsNothing() {
        assertThat(swapping(0L)).isEqualTo(swapping(null));
        assertThat(swapping(0L).swapBytes()).isNull();
        assertThat(swapping(0L).needs()).isEmpty();
        assertThat(swapping(16L << 40).swap()).isEqualTo(16L << 40);
        assertThat(swapping(4096L).needs()).containsExactlyInAnyOrder("memory.swap", "assignment.swapBytes");
    }

    @Test
    void refusesCommandsThatTheKernelCannotTake() {
        assertThatThrownBy(() -> process(List.of(), Map.of(), "/")).hasMessageStartingWith("command: ");
        assertThatThrownBy(() -> process(List.of("a\0b"), Map.of(), "/")).hasMessageContaining("NUL");
        assertThatThrownBy(() -> process(List.of("a"), Map.of("A=B", "c"), "/")).hasMessageStartingWith("env: ");
        assertThatThrownBy(() -> process(List.of("a"), Map.of(), "tmp")).hasMessageStartingWith("workdir: ");
    }

    @Test
    void backOffCannotShrink() {
        assertThatThrownBy(() -> new RestartPolicy(RestartPolicy.Mode.ALWAYS, 1000, 500))
                .hasMessageStartingWith("restart.maxBackoffMillis: ");
    }

    @Test
    void generationsOfDifferentIncarnationsAreNotOrdered() {
        assertThat(new Generation("a", 2).isNewerThan(new Generation("a", 1))).isTrue();
        assertThat(new Generation("a", 1).isNewerThan(new Generation("a", 1))).isFalse();
        assertThat(new Generation("b", 2).isNewerThan(new Generation("a", 1))).isFalse();
        assertThat(Generation.parse("db-1:7")).isEqualTo(new Generation("db-1", 7));
        assertThatThrownBy(() -> Generation.parse("7")).hasMessageContaining("incarnation:number");
    }

    @Test
    void defaultDiskIsAQuarterOfMemoryAtMost64MiB() {
        assertThat(Resources.defaultDiskBytes(80 * Resources.MIB)).isEqualTo(20 * Resources.MIB);
        assertThat(Resources.defaultDiskBytes(1024 * Resources.MIB)).isEqualTo(64 * Resources.MIB);
    }

    @Test
    void ratesOfDiskTrafficNameTheirFieldAndWhatTheyNeed() {
        assertThatThrownBy(() -> new IoRates(null, null, null, null, true)).hasMessageStartingWith("io: must have");
        assertThatThrownBy(() -> new IoRates(1L, null, null, null, true))
                .hasMessageStartingWith("io.readBytesPerSecond: ");
        assertThatThrownBy(() -> new IoRates(null, null, null, 9L, true))
                .hasMessageStartingWith("io.writeOpsPerSecond: ");
        assertThat(new IoRates(null, null, 100L, null, true).needs()).containsExactly("io.read");
        assertThat(new IoRates(null, 1L << 20, 100L, null, true).needs())
                .containsExactly("io.buffered", "io.direct", "io.read");
        assertThat(new IoRates(null, 1L << 20, null, null, false).needs()).containsExactly("io.direct");
    }

    @Test
    void aPlanNamesWhatItsRareTermsNeed() {
        assertThat(plan(null, null).needs()).isEmpty();
        assertThat(plan(10_000, 1).needs())
                .containsExactly("assignment.cpuBurstPercent", "assignment.ioWeight", "cpu.burst", "io.weight");
        assertThat(plan(1, null).needs()).containsExactly("assignment.ioWeight", "io.weight");
        assertThatThrownBy(() -> plan(0, null)).hasMessageStartingWith("ioWeight: must be between 1 and 10000");
        assertThatThrownBy(() -> plan(10_001, null)).hasMessageStartingWith("ioWeight: ");
        assertThatThrownBy(() -> plan(null, 0)).hasMessageStartingWith("cpuBurstPercent: must be between 1 and 100");
        assertThatThrownBy(() -> plan(null, 101)).hasMessageStartingWith("cpuBurstPercent: ");
    }

    private static PlanSpec plan(@Nullable Integer ioWeight, @Nullable Integer cpuBurstPercent) {
        return new PlanSpec(
                2000, 100, 1L << 30, 512, 1L << 28, 10_000, 0, 50, "standard", null, ioWeight, cpuBurstPercent);
    }

    @Test
    void theHigherRateIsTheOneThatNobodyLosesBy() {
        IoRates one = new IoRates(1L << 20, 1L << 20, null, null, true);
        IoRates other = new IoRates(2L << 20, null, 100L, null, true);
        assertThat(IoRates.atLeast(one, other)).isEqualTo(new IoRates(2L << 20, null, null, null, true));
        assertThat(IoRates.atLeast(one, null)).isNull();
        assertThat(IoRates.atLeast(one, new IoRates(null, null, 100L, null, true)))
                .isNull();
    }

    @Test
    void aChangeSaysHowFarItReaches() {
        WorkloadSpec shop = spec(1, "sh", new Resources(100, 64 * Resources.MIB, 10, Resources.MIB, 100));
        Resources more = new Resources(200, 96 * Resources.MIB, 20, Resources.MIB, 100);
        Resources otherDisk = new Resources(200, 64 * Resources.MIB, 10, 2 * Resources.MIB, 100);

        assertThat(SpecChange.of(shop, shop)).isEqualTo(new SpecChange(Kind.NONE, List.of()));
        assertThat(SpecChange.of(shop, spec(3, "sh", shop.resources())))
                .isEqualTo(new SpecChange(Kind.SCALE, List.of("replicas")));
        assertThat(SpecChange.of(shop, spec(3, "sh", more)))
                .isEqualTo(new SpecChange(
                        Kind.LIVE, List.of("resources.cpuMillis", "resources.memoryBytes", "resources.pids")));
        assertThat(SpecChange.of(shop, spec(1, "sh", swapping(4096L))))
                .isEqualTo(new SpecChange(Kind.LIVE, List.of("resources.swapBytes")));
        assertThat(SpecChange.of(shop, spec(1, "ls", otherDisk)))
                .isEqualTo(new SpecChange(Kind.ROLLING, List.of("command", "resources.diskBytes")));
    }

    @Test
    void labelsAreForPeopleAndReplicasKnowNothingOfThem() {
        WorkloadSpec shop = spec(1, "sh", new Resources(100, 64 * Resources.MIB, 10, Resources.MIB, 100));
        WorkloadSpec labelled = labelled(shop, Map.of("app", "shop"));
        assertThat(SpecChange.of(shop, labelled)).isEqualTo(new SpecChange(Kind.NONE, List.of("labels")));
        assertThatThrownBy(() -> labelled(shop, Map.of("a b", "c")))
                .isInstanceOf(InvalidField.class)
                .hasMessageStartingWith("labels: keys must");
        assertThatThrownBy(() -> labelled(shop, Map.of("app", "a b")))
                .isInstanceOf(InvalidField.class)
                .hasMessageStartingWith("labels.app: values must");
        Map<String, String> many = IntStream.range(0, 33).boxed().collect(Collectors.toMap(n -> "l" + n, n -> ""));
        assertThatThrownBy(() -> labelled(shop, many)).hasMessageStartingWith("labels: may have at most 32 entries");
    }

    private static WorkloadSpec labelled(WorkloadSpec spec, Map<String, String> labels) {
        return new WorkloadSpec(
                spec.kind(),
                spec.process(),
                spec.replicas(),
                spec.resources(),
                spec.restart(),
                spec.network(),
                spec.health(),
                labels);
    }

    private static WorkloadSpec spec(int replicas, String command, Resources resources) {
        return new WorkloadSpec(
                WorkloadKind.SERVICE,
                process(List.of(command), Map.of(), "/"),
                replicas,
                resources,
                RestartPolicy.DEFAULT,
                NetworkSpec.NONE,
                null);
    }

    @Test
    void textOfARecordHoldsNoToken() {
        assertThat(new JoinRequest(new NodeName("n1"), "llj_secret", "pem", "pem").toString())
                .contains("n1")
                .doesNotContain("secret");
    }

    @Test
    void problemCodesAreDashed() {
        assertThat(ProblemCode.QUOTA_EXCEEDED.wire()).isEqualTo("quota-exceeded");
    }

    private static ProcessSpec process(List<String> command, Map<String, String> env, String workdir) {
        return new ProcessSpec(new ImageName("busybox"), command, env, "0", workdir, true);
    }
}
