package dev.landlord.runtime.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.landlord.runtime.proc.MountInfo.Mount;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcTest {
    @Test
    void aMountIsReadWithItsControllers() {
        MountInfo info = MountInfo.parse(Fixture.text("mountinfo-v1-systemd.txt"));

        assertThat(info.mounts()).hasSize(16);
        assertThat(info.mounts().get(9))
                .isEqualTo(new Mount(
                        32,
                        25,
                        "/",
                        "/sys/fs/cgroup/cpu,cpuacct",
                        Set.of("rw", "nosuid", "nodev", "noexec", "relatime"),
                        "cgroup",
                        Set.of("rw", "seclabel", "cpuacct", "cpu")));
    }

    @Test
    void optionalFieldsAreSkippedWhetherThereAreNoneOneOrTwo() {
        assertThat(MountInfo.parse(Fixture.text("mountinfo-hybrid.txt")).mounts())
                .extracting(Mount::type)
                .contains("cgroup", "cgroup2", "ext4")
                .doesNotContain("-", "shared:1");
        assertThat(MountInfo.parse(Fixture.text("mountinfo-v2-systemd.txt"))
                        .mounts()
                        .getLast()
                        .type())
                .isEqualTo("ext4");
    }

    @Test
    void blanksTabsAndBackslashesOfPathsAreDecoded() {
        Mount disk = MountInfo.parse(Fixture.text("mountinfo-v2-systemd.txt"))
                .mounts()
                .getLast();

        assertThat(disk.mountPoint()).isEqualTo("/run/media/My Disk");
        assertThat(disk.root()).isEqualTo("/with blank\\and\ttab");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"22 27 0:21 / /proc rw,relatime", "22 27 0:21 / /proc rw - proc", "x 27 0:21 / /p rw - a b c"})
    void aBrokenMountLineIsQuoted(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MountInfo.parse(line))
                .withMessageContaining(line);
    }

    @Test
    void theGroupOfAProcessIsFoundByController() {
        ProcCgroup hybrid = ProcCgroup.parse(Fixture.text("cgroup-hybrid.txt"));

        assertThat(hybrid.path("memory")).contains("/user.slice/user-0.slice");
        assertThat(hybrid.path("name=systemd")).contains("/");
        assertThat(hybrid.path("")).contains("/");
        assertThat(hybrid.path("hugetlb")).isEmpty();
        assertThat(ProcCgroup.parse(Fixture.text("cgroup-v1-docker.txt")).path("cpu"))
                .contains("/docker/5c3a9be8f1c2d94b4cfd4a62be6cf9c7ae8c1d21");
    }

    @Test
    void aPathMayHaveColonsAndBeDeleted() {
        ProcCgroup.Entry entry =
                ProcCgroup.parse(Fixture.text("cgroup-v2-colon.txt")).entries().getFirst();

        assertThat(entry.path())
                .isEqualTo("/system.slice/containerd.service/kubepods-burstable-pod1f2e.slice:cri-containerd:8a1b0c");
        assertThat(entry.deleted()).isTrue();
        assertThat(entry.controllers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8:pids", ":pids:/", "x:pids:/"})
    void aBrokenCgroupLineIsQuoted(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProcCgroup.parse(line))
                .withMessageContaining(line);
    }

    @Test
    void aNameWithParenthesesDoesNotMoveTheFieldsBehindIt() {
        assertThat(ProcStat.parse(Fixture.text("stat-parentheses.txt")))
                .isEqualTo(new ProcStat(4242, "a) R 1 (b) 0 ", 'S', 17, 8_123_456));
        assertThat(ProcStat.parse(Fixture.text("stat-systemd.txt"))).isEqualTo(new ProcStat(1, "systemd", 'S', 0, 7));
        assertThat(ProcStat.parse(Fixture.text("stat-zombie.txt")))
                .isEqualTo(new ProcStat(3711, "python3", 'Z', 3650, 918_273));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1 systemd S 0", "1 (a) S 0 1", "x (a) S 0 1 1 0 -1 4 2 1 9 1 4 1 4 1 2 0 1 0 7 1"})
    void aBrokenStatIsQuoted(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProcStat.parse(text))
                .withMessageContaining(text);
    }

    @Test
    void pressureHasSomeAndMostlyFull() {
        assertThat(Pressure.parse(Fixture.text("pressure-memory.txt")))
                .isEqualTo(new Pressure(
                        new Pressure.Line(1.53, 0.87, 0.22, 9_123_456), new Pressure.Line(0.10, 0, 0, 812)));
        assertThat(Pressure.parse(Fixture.text("pressure-cpu-5.10.txt")))
                .isEqualTo(new Pressure(new Pressure.Line(12, 3.41, 0.90, 55_129_021), null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "some avg10=1 avg60=2 total=3",
                "some avg10=x avg60=0.00 avg300=0.00 total=0",
                "some avg60=0.00 avg10=0.00 avg300=0.00 total=0"
            })
    void brokenPressureIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pressure.parse(text))
                .withMessageContaining(text);
    }

    @Test
    void keysAreReadAndAbsentOnesAreZero() {
        FlatKeyed cpu = FlatKeyed.parse(Fixture.text("cpu.stat-v2.txt"));
        FlatKeyed memory = FlatKeyed.parse(Fixture.text("memory.stat-v1.txt"));

        assertThat(cpu.get("usage_usec")).isEqualTo(1_834_216);
        assertThat(cpu.get("nr_throttled")).isEqualTo(37);
        assertThat(cpu.get("nothing")).isZero();
        assertThat(memory.get("total_inactive_file")).isEqualTo(20_480);
        assertThat(memory.get("hierarchical_memory_limit")).isEqualTo(9_223_372_036_854_771_712L);
        assertThat(FlatKeyed.parse("big 18446744073709551615").get("big")).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alone", " 7", "key value", "key -1x"})
    void aBrokenKeyLineIsQuoted(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FlatKeyed.parse(line))
                .withMessageContaining(line);
    }

    @Test
    void ioIsSummedOverDevicesAndTotalsAreNotCountedTwice() {
        assertThat(IoBytes.parseV1(Fixture.text("blkio.io_service_bytes.txt")))
                .isEqualTo(new IoBytes(1_216_512, 16_484));
        assertThat(IoBytes.parseV2(Fixture.text("io.stat.txt"))).isEqualTo(new IoBytes(1_216_512, 16_484));
        assertThat(IoBytes.parseV1("Total 0\n")).isEqualTo(new IoBytes(0, 0));
    }

    @Test
    void aCpuListIsASet() {
        assertThat(CpuList.parse("0-2,5\n").stream()).containsExactly(0, 1, 2, 5);
        assertThat(CpuList.parse("0,1")).isEqualTo(CpuList.parse("0-1"));
        assertThat(CpuList.parse("\n").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "1-", "-1", "3-1", "1,,2", "0-99999", "0; rm"})
    void aBrokenCpuListIsQuoted(String list) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CpuList.parse(list))
                .withMessageContaining(list);
    }

    @Test
    void memoryIsReadInBytes() {
        String text = """
                MemTotal:       24684092 kB
                MemFree:        23000000 kB
                MemAvailable:   24000000 kB
                SwapTotal:         1024 kB
                """;

        assertThat(MemInfo.parse(text)).isEqualTo(new MemInfo(25_276_510_208L, 24_576_000_000L, 1L << 20));
        assertThatIllegalArgumentException().isThrownBy(() -> MemInfo.parse("MemTotal: 5 kB\n"));
        assertThatIllegalArgumentException().isThrownBy(() -> MemInfo.parse("MemTotal: x kB\n"));
        assertThatIllegalArgumentException().isThrownBy(() -> MemInfo.parse("MemTotal:\n"));
    }
}
