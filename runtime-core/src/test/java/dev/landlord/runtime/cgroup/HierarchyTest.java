package dev.landlord.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.landlord.runtime.HostFacts.CgroupMode;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.proc.Fixture;
import dev.landlord.runtime.proc.MountInfo;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HierarchyTest {
    private static final Path MOUNT = Path.of("/sys/fs/cgroup");

    @ParameterizedTest
    @CsvSource({
        "mountinfo-hybrid.txt, HYBRID",
        "mountinfo-v2-systemd.txt, V2",
        "mountinfo-v1-systemd.txt, V1",
    })
    void theModeIsSeenInTheMounts(String fixture, CgroupMode expected) {
        assertThat(Hierarchy.detect(mounts(fixture), MOUNT)).isEqualTo(expected);
    }

    @Test
    void noControlGroupsIsAFaultThatNamesThePlace() {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> Hierarchy.detect(mounts("mountinfo-hybrid.txt"), Path.of("/elsewhere")))
                .withMessageContaining("/elsewhere")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(SandboxException.Kind.UNSUPPORTED));
    }

    @Test
    void cpusetIsJoinedFirstAndWhatStopsIsJoinedLast() {
        List<String> places = Hierarchy.select(mounts("mountinfo-hybrid.txt"), MOUNT, CgroupMode.HYBRID).stream()
                .map(h -> MOUNT.relativize(h.directory()).toString())
                .toList();

        assertThat(places)
                .containsExactly(
                        "cpuset", "memory", "cpu", "cpuacct", "devices", "blkio", "pids", "freezer", "systemd",
                        "unified");
    }

    @Test
    void controllersMountedTogetherAreOneHierarchyAndThoseOfOthersAreLeftAlone() {
        List<Hierarchy> found = Hierarchy.select(mounts("mountinfo-v1-systemd.txt"), MOUNT, CgroupMode.V1);

        assertThat(found)
                .extracting(h -> MOUNT.relativize(h.directory()).toString())
                .containsExactly(
                        "cpuset", "memory", "cpu,cpuacct", "devices", "blkio", "pids", "hugetlb", "freezer", "systemd");
    }

    @Test
    void aPartOfAHybridHostCanBeUsedAlone() {
        MountInfo hybrid = mounts("mountinfo-hybrid.txt");

        assertThat(Hierarchy.select(hybrid, MOUNT, CgroupMode.V1)).noneMatch(Hierarchy::unified);
        assertThat(Hierarchy.select(hybrid, MOUNT, CgroupMode.V2))
                .singleElement()
                .extracting(Hierarchy::directory)
                .isEqualTo(MOUNT.resolve("unified"));
    }

    @ParameterizedTest
    @CsvSource({"mountinfo-v2-systemd.txt, V1", "mountinfo-v2-systemd.txt, HYBRID", "mountinfo-v1-systemd.txt, V2"})
    void whatIsNotMountedCannotBeOpened(String fixture, CgroupMode mode) {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> Hierarchy.select(mounts(fixture), MOUNT, mode))
                .withMessageContaining(mode.toString());
    }

    @Test
    void aLaterMountCoversAnEarlierOne() {
        MountInfo covered = MountInfo.parse("""
                10 1 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw
                11 10 0:31 / /sys/fs/cgroup rw - tmpfs tmpfs rw
                12 11 0:32 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
                """);

        assertThat(Hierarchy.detect(covered, MOUNT)).isEqualTo(CgroupMode.V1);
    }

    private static MountInfo mounts(String fixture) {
        return MountInfo.parse(Fixture.text(fixture));
    }
}
