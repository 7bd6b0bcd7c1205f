package dev.landlord.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.landlord.runtime.Limits.Cpu;
import dev.landlord.runtime.Limits.HugePages;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.Limits.Memory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void whatIsNotLimitedNeedsNothing() {
        assertThat(Limits.NONE.needs()).isEmpty();
    }

    @Test
    void eachLimitNeedsItsCapability() {
        Limits all = new Limits(
                new Cpu(50, 500L, 10_000L, "0"),
                new Memory(1L << 20, 1),
                5L,
                List.of(new IoLimit(8, 0, 1L, null, null, 1L, 50)),
                List.of(new HugePages("2MB", 0)));

        assertThat(all.needs())
                .containsExactlyInAnyOrder(
                        "cpu.weight",
                        "cpu.max",
                        "cpu.burst",
                        "cpuset",
                        "memory.max",
                        "memory.swap",
                        "pids.max",
                        "io.read",
                        "io.direct",
                        "io.weight",
                        "hugetlb.2MB");
        assertThat(new Limits(100, null, 1L << 20, null, null, List.of()).needs())
                .as("no swap is no wish for swap")
                .containsExactly("memory.max");
    }

    @Test
    void whatCannotBeMeantIsRefusedByTheNameOfItsField() {
        refused("cpu.weight must be between 1 and 10000, was 0", () -> new Cpu(0, null, null, null));
        refused("cpu.maxMillis must be positive", () -> new Cpu(1, 0L, null, null));
        refused("cpu.burstMicros must be at most 100 times", () -> new Cpu(1, 10L, 2_000L, null));
        refused("cpu.burstMicros must be at most 100 times", () -> new Cpu(1, null, 1L, null));
        refused("memory.swapMaxBytes must be between 0 and 0", () -> new Memory(null, 1));
        refused("io.weight must be between", () -> new IoLimit(8, 0, null, null, null, null, 10_001));
        refused("io.readOpsPerSecond must be positive", () -> new IoLimit(8, 0, null, null, -1L, null));
        refused("hugePages.size must be like 2MB", () -> new HugePages("../2MB", 0));
        IoLimit one = new IoLimit(8, 0, 1L, null, null, null);
        refused("io must have 8:0 only once", () -> new Limits(100, null, null, null, null, List.of(one, one)));
    }

    @Test
    void aResourceLimitIsOnlyEverLowered() {
        assertThat(new Rlimit(Rlimit.Resource.NOFILE, 10, 20).hard()).isEqualTo(20);
        assertThat(new Rlimit(Rlimit.Resource.FSIZE, 10, Rlimit.UNLIMITED).soft())
                .isEqualTo(10);
        refused(
                "rlimits.NOFILE hard must be at most 65536, was 65537",
                () -> new Rlimit(Rlimit.Resource.NOFILE, 10, 65_537));
        refused("was unlimited", () -> new Rlimit(Rlimit.Resource.CORE, 0, Rlimit.UNLIMITED));
        refused("rlimits.CPU soft must be at most 5, was 6", () -> new Rlimit(Rlimit.Resource.CPU, 6, 5));
        refused("must not be negative", () -> new Rlimit(Rlimit.Resource.CPU, -2, 5));
    }

    @Test
    void aProgramIsLimitedOnceInEachWay() {
        Rlimit files = new Rlimit(Rlimit.Resource.NOFILE, 10, 20);
        refused(
                "rlimits must have each resource only once",
                () -> new ProcessSpec(
                        List.of("sh"), Map.of(), "/", 0, 0, List.of(), Console.NONE, List.of(files, files)));
    }

    private static void refused(String message, Runnable call) {
        assertThatIllegalArgumentException().isThrownBy(call::run).withMessageContaining(message);
    }
}
