package dev.landlord.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WritesTest {
    private static final Set<String> V1 = Set.of("cpu", "cpuacct", "cpuset", "memory", "devices", "blkio", "pids");
    private static final Set<String> V2 = Set.of("cpu", "cpuset", "memory", "io", "pids");
    private static final Limits ALL =
            new Limits(200, 250L, 64L << 20, 64L, "0-1", List.of(new IoLimit(254, 0, 1000L, 2000L, null, 40L)));

    @Test
    void aNewGroupOfVersion1GetsWhatIsAskedFor() {
        assertThat(texts(V1Writes.create(ALL, V1)))
                .containsExactly(
                        "cpuset.cpus=0-1",
                        "memory.limit_in_bytes=67108864",
                        "memory.memsw.limit_in_bytes=67108864",
                        "cpu.shares=2451",
                        "cpu.cfs_quota_us=25000",
                        "pids.max=64",
                        "blkio.throttle.read_bps_device=254:0 1000",
                        "blkio.throttle.write_bps_device=254:0 2000",
                        "blkio.throttle.write_iops_device=254:0 40");
        assertThat(V1Writes.create(Limits.NONE, V1)).isEmpty();
    }

    @Test
    void aNewGroupOfVersion2GetsWhatIsAskedForAndDiesAsAWhole() {
        assertThat(texts(V2Writes.create(ALL, V2)))
                .containsExactly(
                        "cpuset.cpus=0-1",
                        "memory.oom.group=1",
                        "memory.swap.max=0",
                        "memory.max=67108864",
                        "cpu.weight=200",
                        "cpu.max=25000 100000",
                        "pids.max=64",
                        "io.max=254:0 rbps=1000 wbps=2000 riops=max wiops=40");
        assertThat(texts(V2Writes.create(Limits.NONE, V2))).containsExactly("memory.oom.group=1");
    }

    @Test
    void updatingVersion1ToNothingLiftsEverything() {
        Map<String, String> before = v1Before();
        before.put("blkio.throttle.read_bps_device", "254:0 1000\n8:0 5\n");

        assertThat(texts(V1Writes.update(Limits.NONE, V1, before, "0-3")))
                .containsExactly(
                        "cpuset.cpus=0-3",
                        "memory.memsw.limit_in_bytes=-1",
                        "memory.limit_in_bytes=-1",
                        "cpu.shares=1024",
                        "cpu.cfs_quota_us=-1",
                        "pids.max=max",
                        "blkio.throttle.read_bps_device=254:0 0",
                        "blkio.throttle.read_bps_device=8:0 0");
    }

    @Test
    void updatingVersion2ToNothingLiftsEverything() {
        Map<String, String> before = Map.of(
                "io.max", "254:0 rbps=1 wbps=max riops=max wiops=max\n",
                "memory.swap.max", "0\n",
                "cpuset.cpus", "0\n");

        assertThat(texts(V2Writes.update(Limits.NONE, V2, before, "0-3")))
                .containsExactly(
                        "cpuset.cpus=0-3",
                        "memory.max=max",
                        "memory.swap.max=max",
                        "cpu.weight=100",
                        "cpu.max=max 100000",
                        "pids.max=max",
                        "io.max=254:0 rbps=max wbps=max riops=max wiops=max");
    }

    @Test
    void aKernelThatCannotSwapIsNotAskedToStopLimitingSwap() {
        assertThat(texts(V2Writes.update(Limits.NONE, Set.of("memory"), Map.of(), "")))
                .containsExactly("memory.max=max");
        assertThat(texts(V1Writes.update(Limits.NONE, Set.of("memory"), Map.of("memory.limit_in_bytes", "4096\n"), "")))
                .containsExactly("memory.limit_in_bytes=-1");
    }

    @Test
    void memoryGoesUpFromAboveAndDownFromBelow() {
        assertThat(texts(V1Writes.update(memory(32L << 20), V1, v1Before(), "0")))
                .containsSubsequence("memory.limit_in_bytes=33554432", "memory.memsw.limit_in_bytes=33554432");
        assertThat(texts(V1Writes.update(memory(128L << 20), V1, v1Before(), "0")))
                .containsSubsequence("memory.memsw.limit_in_bytes=134217728", "memory.limit_in_bytes=134217728");
    }

    /** In no step may the ratio be above both what it was and what it becomes: the slice above allows no more. */
    @ParameterizedTest
    @CsvSource({
        "5, cpu.cfs_period_us=200000, cpu.cfs_quota_us=1000",
        "500, cpu.cfs_quota_us=50000, cpu.cfs_period_us=100000"
    })
    void aLongerPeriodComesFirstAndAShorterOneLast(long millis, String first, String second) {
        Map<String, String> before = v1Before();
        before.put("cpu.cfs_period_us", millis == 5 ? "100000\n" : "200000\n");
        Limits limits = new Limits(100, millis, null, null, null, List.of());

        assertThat(texts(V1Writes.update(limits, V1, before, "0"))).containsSubsequence(first, second);
    }

    @Test
    void aLimitWithoutItsControllerIsRefusedByName() {
        for (String missing : List.of("cpuset", "memory", "cpu", "pids", "blkio")) {
            Set<String> rest = without(V1, missing);
            assertRefused(missing, () -> V1Writes.create(ALL, rest));
            assertRefused(missing, () -> V1Writes.update(ALL, rest, Map.of(), "0"));
        }
        for (String missing : List.of("cpuset", "memory", "cpu", "pids", "io")) {
            Set<String> rest = without(V2, missing);
            assertRefused(missing, () -> V2Writes.create(ALL, rest));
            assertRefused(missing, () -> V2Writes.update(ALL, rest, Map.of(), "0"));
        }
    }

    @Test
    void noControllerIsMissedByWhoAsksForNothing() {
        assertThat(V1Writes.create(Limits.NONE, Set.of())).isEmpty();
        assertThat(V1Writes.update(Limits.NONE, Set.of(), Map.of(), "")).isEmpty();
        assertThat(V2Writes.create(Limits.NONE, Set.of())).isEmpty();
        assertThat(V2Writes.update(Limits.NONE, Set.of(), Map.of(), "")).isEmpty();
    }

    @Test
    void aCpuListThatIsNoneIsTheCallersFault() {
        Limits bad = new Limits(100, null, null, null, "0-x", List.of());
        for (Runnable plan : List.<Runnable>of(() -> V1Writes.create(bad, V1), () -> V2Writes.create(bad, V2))) {
            assertThatExceptionOfType(SandboxException.class)
                    .isThrownBy(plan::run)
                    .withMessageContaining("cpusetCpus")
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.INVALID));
        }
    }

    @Test
    void theDeviceListIsBuiltFromNothingAndReadBackAtEachStep() {
        List<CgroupWrite> writes = V1Writes.devices();

        assertThat(texts(writes))
                .startsWith("devices.deny=a", "devices.allow=c 1:3 rwm")
                .hasSize(10);
        assertThat(writes.getFirst().readBack().accepts("")).isTrue();
        assertThat(writes.getFirst().readBack().accepts("a *:* rwm\n")).isFalse();
        assertThat(writes.getLast().readBack().accepts(String.join("\n", V1Writes.DEVICES) + "\n"))
                .isTrue();
        assertThat(writes.getLast().readBack().accepts(String.join("\n", V1Writes.DEVICES) + "\nb *:* m\n"))
                .isFalse();
    }

    @Test
    void aMemoryLimitIsKeptInWholePages() {
        CgroupWrite.ReadBack rule = new CgroupWrite.WholePages(1_048_577);

        assertThat(rule.accepts("1048576\n")).isTrue();
        assertThat(rule.accepts("1052672\n")).isFalse();
        assertThat(rule.accepts("max\n")).isFalse();
        assertThat(new CgroupWrite.NoLimit().accepts("9223372036854771712\n")).isTrue();
        assertThat(new CgroupWrite.NoLimit().accepts("1048576\n")).isFalse();
    }

    @Test
    void aDeviceLineIsFoundAmongOthers() {
        CgroupWrite.ReadBack rule = new CgroupWrite.DeviceLine("8:1", "500", "0");
        CgroupWrite.ReadBack none = new CgroupWrite.DeviceLine("8:1", "0", "0");

        assertThat(rule.accepts("8:16 9\n8:1 500\n")).isTrue();
        assertThat(rule.accepts("8:16 500\n")).isFalse();
        assertThat(none.accepts("8:16 500\n")).isTrue();
        assertThat(none.accepts("8:1 500\n")).isFalse();
    }

    @Test
    void anUndoWritesWhatWasThereBefore() {
        CgroupWrite pids = new CgroupWrite("pidsMax", "pids", "pids.max", "5", new CgroupWrite.Same("5"));
        CgroupWrite line =
                new CgroupWrite("io", "blkio", "f", "8:1 500", new CgroupWrite.DeviceLine("8:1", "500", "0"));

        assertThat(pids.undo("max\n").value()).isEqualTo("max");
        assertThat(line.undo("8:16 3\n8:1 9\n").value()).isEqualTo("8:1 9");
        assertThat(line.undo("8:16 3\n").value()).isEqualTo("8:1 0");
    }

    @Test
    void aListOfCpusThatWasNotThereIsUndoneToAllThatTheSliceHas() {
        CgroupWrite cpus =
                V2Writes.update(ALL, V2, Map.of("cpuset.cpus", "\n"), "0-3").getFirst();

        assertThat(cpus.value()).isEqualTo("0-1");
        assertThat(cpus.undo("\n").value()).isEqualTo("0-3");
        assertThat(cpus.undo("2\n").value()).isEqualTo("2");
    }

    private static void assertRefused(String controller, Runnable plan) {
        assertThatExceptionOfType(SandboxException.class)
                .as("without %s", controller)
                .isThrownBy(plan::run)
                .withMessageContaining("no controller " + controller)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED))
                .satisfies(e -> assertThat(e.operation())
                        .isIn(
                                "set cpuWeight",
                                "set cpuMaxMillis",
                                "set memoryMaxBytes",
                                "set pidsMax",
                                "set io",
                                "set cpusetCpus"));
    }

    private static Limits memory(long bytes) {
        return new Limits(100, null, bytes, null, null, List.of());
    }

    private static Map<String, String> v1Before() {
        return new HashMap<>(Map.of(
                "memory.limit_in_bytes", "67108864\n",
                "memory.memsw.limit_in_bytes", "67108864\n",
                "cpu.cfs_period_us", "100000\n",
                "cpu.cfs_quota_us", "-1\n"));
    }

    private static Set<String> without(Set<String> all, String one) {
        return all.stream().filter(c -> !c.equals(one)).collect(java.util.stream.Collectors.toSet());
    }

    private static List<String> texts(List<CgroupWrite> writes) {
        return writes.stream().map(w -> w.file() + "=" + w.value()).toList();
    }
}
