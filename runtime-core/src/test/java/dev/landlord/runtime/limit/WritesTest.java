package dev.landlord.runtime.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.landlord.runtime.LimitReading;
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
    private static final Host V1 = host("cpu", "cpuacct", "cpuset", "memory", "devices", "blkio", "pids", "hugetlb");
    private static final Host V2 = host("cpu", "cpuset", "memory", "io", "pids", "hugetlb");
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
        assertThat(texts(V2Writes.update(Limits.NONE, host("memory"), Map.of(), "")))
                .containsExactly("memory.max=max");
        assertThat(texts(V1Writes.update(Limits.NONE, host("memory"), Map.of("memory.limit_in_bytes", "4096\n"), "")))
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
            Host rest = without(V1, missing);
            assertRefused(missing, () -> V1Writes.create(ALL, rest));
            assertRefused(missing, () -> V1Writes.update(ALL, rest, Map.of(), "0"));
        }
        for (String missing : List.of("cpuset", "memory", "cpu", "pids", "io")) {
            Host rest = without(V2, missing);
            assertRefused(missing, () -> V2Writes.create(ALL, rest));
            assertRefused(missing, () -> V2Writes.update(ALL, rest, Map.of(), "0"));
        }
    }

    @Test
    void noControllerIsMissedByWhoAsksForNothing() {
        assertThat(V1Writes.create(Limits.NONE, host())).isEmpty();
        assertThat(V1Writes.update(Limits.NONE, host(), Map.of(), "")).isEmpty();
        assertThat(V2Writes.create(Limits.NONE, host())).isEmpty();
        assertThat(V2Writes.update(Limits.NONE, host(), Map.of(), "")).isEmpty();
    }

    private static Limits rare(long burstMicros, long swap, int ioWeight, long hugeBytes) {
        return new Limits(
                new Limits.Cpu(100, 250L, burstMicros, null),
                new Limits.Memory(64L << 20, swap),
                null,
                List.of(new IoLimit(254, 0, null, null, null, null, ioWeight)),
                List.of(new Limits.HugePages("2MB", hugeBytes)));
    }

    @Test
    void whatIsRareIsWrittenWhereEachVersionHasIt() {
        Limits limits = rare(5_000, 1 << 20, 1000, 4L << 20);
        Host bfq = new Host(V2.controllers(), V2.hugePages(), false, Set.of("254:0"));

        assertThat(texts(V1Writes.create(limits, V1)))
                .containsExactly(
                        "memory.limit_in_bytes=67108864",
                        "memory.memsw.limit_in_bytes=68157440",
                        "cpu.cfs_quota_us=25000",
                        "cpu.cfs_burst_us=5000",
                        "blkio.bfq.weight_device=254:0 109",
                        "hugetlb.2MB.limit_in_bytes=4194304");
        assertThat(texts(V2Writes.create(limits, V2)))
                .containsExactly(
                        "memory.oom.group=1",
                        "memory.swap.max=1048576",
                        "memory.max=67108864",
                        "cpu.max=25000 100000",
                        "cpu.max.burst=5000",
                        "io.weight=254:0 1000",
                        "hugetlb.2MB.max=4194304");
        assertThat(texts(V2Writes.create(limits, bfq))).contains("io.bfq.weight=254:0 109");
    }

    @Test
    void ahybridHostMayHaveHugePagesOnVersion2() {
        Host hybrid = new Host(V1.controllers(), V1.hugePages(), true, Set.of());

        assertThat(texts(V1Writes.create(rare(1, 0, 1, 0), hybrid))).contains("hugetlb.2MB.max=0");
    }

    @Test
    void whatIsSavedUpGoesDownBeforeTheCapAndUpBehindIt() {
        Map<String, String> v1 = v1Before();
        v1.put("cpu.cfs_burst_us", "5000\n");
        Map<String, String> v2 = Map.of("cpu.max.burst", "5000\n");

        assertThat(texts(V1Writes.update(rare(4_000, 0, 1, 0), V1, v1, "0")))
                .containsSubsequence("cpu.cfs_burst_us=4000", "cpu.cfs_quota_us=25000");
        assertThat(texts(V1Writes.update(rare(6_000, 0, 1, 0), V1, v1, "0")))
                .containsSubsequence("cpu.cfs_quota_us=25000", "cpu.cfs_burst_us=6000");
        assertThat(texts(V2Writes.update(rare(4_000, 0, 1, 0), V2, v2, "0")))
                .containsSubsequence("cpu.max.burst=4000", "cpu.max=25000 100000");
        assertThat(texts(V2Writes.update(Limits.NONE, V2, v2, "0")))
                .containsSubsequence("cpu.max.burst=0", "cpu.max=max 100000");
    }

    @Test
    void weightsAndHugePagesAreLiftedWhereTheyWereSet() {
        Map<String, String> v1 = v1Before();
        v1.put("blkio.bfq.weight_device", "default 100\n254:0 50\n");
        v1.put("hugetlb.2MB.limit_in_bytes", "0\n");
        Map<String, String> v2 = Map.of(
                "io.weight", "default 100\n254:0 50\n",
                "io.bfq.weight", "default 100\n8:0 50\n",
                "hugetlb.2MB.max", "0\n");

        assertThat(texts(V1Writes.update(Limits.NONE, V1, v1, "0")))
                .endsWith("blkio.bfq.weight_device=254:0 default", "hugetlb.2MB.limit_in_bytes=-1");
        assertThat(texts(V2Writes.update(Limits.NONE, V2, v2, "0")))
                .endsWith("io.weight=254:0 default", "io.bfq.weight=8:0 default", "hugetlb.2MB.max=max");
    }

    @Test
    void aCpuListThatIsNoneIsTheCallersFault() {
        Limits bad = new Limits(100, null, null, null, "0-x", List.of());
        for (Runnable plan : List.<Runnable>of(() -> V1Writes.create(bad, V1), () -> V2Writes.create(bad, V2))) {
            assertThatExceptionOfType(SandboxException.class)
                    .isThrownBy(plan::run)
                    .withMessageContaining("cpu.cpuset")
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
        assertThat(writes.getLast().readBack().accepts(String.join("\n", AllowedDevice.lines()) + "\n"))
                .isTrue();
        assertThat(writes.getLast().readBack().accepts(String.join("\n", AllowedDevice.lines()) + "\nb *:* m\n"))
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
    void aReadingTellsAChangeFromTheKernelsOwnWords() {
        CgroupWrite memory = new CgroupWrite("memoryMaxBytes", "memory", "m", "5000", new CgroupWrite.WholePages(5000));
        CgroupWrite cpus = new CgroupWrite("cpusetCpus", "cpuset", "c", "0,1", new CgroupWrite.Cpus("0,1", "0-3"));
        CgroupWrite none = new CgroupWrite("io", "blkio", "f", "8:1 0", new CgroupWrite.DeviceLine("8:1", "0", "0"));

        assertThat(memory.reading("4096\n")).isEqualTo(new LimitReading("memoryMaxBytes", "m", "5000", "4096", true));
        assertThat(memory.reading("9223372036854771712\n").holds()).isFalse();
        assertThat(cpus.reading("0-1\n").holds()).isTrue();
        assertThat(cpus.reading("0-3\n").holds()).isFalse();
        assertThat(none.reading("8:16 7\n").holds()).isTrue();
        assertThat(none.reading("8:16 7\n8:1 9\n")).isEqualTo(new LimitReading("io", "f", "8:1 0", "8:1 9", false));
    }

    @Test
    void whatIsNotThereDoesNotHold() {
        for (CgroupWrite write : V1Writes.create(ALL, V1)) {
            assertThat(write.reading("").holds()).as(write.file()).isFalse();
        }
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
                                "set cpu.weight",
                                "set cpu.maxMillis",
                                "set memory.maxBytes",
                                "set pidsMax",
                                "set io",
                                "set cpu.cpuset"));
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

    private static Host host(String... controllers) {
        return new Host(Set.of(controllers), Set.of("2MB", "1GB"), false, Set.of());
    }

    private static Host without(Host all, String one) {
        return host(all.controllers().stream().filter(c -> !c.equals(one)).toArray(String[]::new));
    }

    private static List<String> texts(List<CgroupWrite> writes) {
        return writes.stream().map(w -> w.file() + "=" + w.value()).toList();
    }
}
