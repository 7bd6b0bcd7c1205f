package dev.landlord.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.SandboxRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program sees and may do, told by a program that looks. */
@Tag("root")
@Tag("cgroup2")
class IsolationRootIT {
    @TempDir
    private static Path scratch;

    private static Host host;
    private static SandboxRuntime runtime;

    @BeforeAll
    static void open() throws IOException {
        host = new Host(scratch);
        runtime = host.open();
    }

    @AfterAll
    static void leavesNothingOnTheHost() throws IOException {
        host.takeDown(runtime);
    }

    private static String inside(String script) {
        return host.run(runtime, host.spec(Host.shell("{ " + script + "; } 2>&1")))
                .out()
                .strip();
    }

    @Test
    void seesOnlyItsOwnProcesses() {
        assertThat(inside("ps | wc -l")).isIn("4", "5");
        assertThat(inside("ls -d /proc/[0-9]* | wc -l")).isIn("3", "4");
    }

    @Test
    void hasItsOwnHostnameAndUsers() {
        assertThat(inside("hostname")).isEqualTo("shop-0");
        assertThat(inside("cat /proc/self/uid_map").replaceAll("\\s+", " ")).isEqualTo("0 1610612736 65536");
        assertThat(inside("id -u")).isEqualTo("0");
    }

    @Test
    void everyNamespaceIsItsOwn() throws IOException {
        String seen = inside("for n in cgroup ipc mnt net pid user uts; do readlink /proc/self/ns/$n; done");
        for (String line : seen.lines().toList()) {
            String name = line.substring(0, line.indexOf(':'));
            assertThat(line)
                    .isNotEqualTo(java.nio.file.Files.readSymbolicLink(Path.of("/proc/self/ns/" + name))
                            .toString());
        }
        assertThat(seen.lines()).hasSize(7);
    }

    @Test
    void imageFilesBelongToItsRootAndTheHostIsHidden() {
        assertThat(inside("stat -c %u:%g /bin/busybox")).isEqualTo("0:0");
        assertThat(inside("ls /")).isEqualTo("bin\ndev\netc\nproc\nsys\ntmp");
        assertThat(inside("cat /proc/self/mountinfo | grep -c " + scratch)).isEqualTo("0");
    }

    @Test
    void writesGoToTheLayerAndNeverToTheImage() {
        assertThat(inside("echo x > /etc/passwd && cat /etc/passwd")).isEqualTo("x");
        assertThat(inside("cat /etc/passwd")).startsWith("root:");
    }

    @Test
    void holdsNoDescriptorButThree() {
        assertThat(inside("ls /proc/self/fd")).isEqualTo("0\n1\n2\n3");
        assertThat(inside("readlink /proc/self/fd/0")).isEqualTo("/dev/null");
        assertThat(inside("echo again > /dev/stdout")).isEqualTo("again");
    }

    @Test
    void isConfinedForGood() {
        String status = inside("grep -E '^(CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs|Seccomp):' /proc/self/status")
                .replaceAll("\\s+", " ");
        assertThat(status)
                .isEqualTo("CapInh: 0000000000000000 CapPrm: 00000000000004fb CapEff: 00000000000004fb"
                        + " CapBnd: 00000000000004fb CapAmb: 0000000000000000 NoNewPrivs: 1 Seccomp: 2");
    }

    @Test
    void anotherUserHoldsNothing() {
        String status = host.run(
                        runtime, host.spec(Host.shellAs(1000, "id -u; grep -E '^Cap(Prm|Eff|Amb):' /proc/self/status")))
                .out()
                .replaceAll("\\s+", " ");
        assertThat(status)
                .isEqualTo("1000 CapPrm: 0000000000000000 CapEff: 0000000000000000 CapAmb: 0000000000000000 ");
    }

    @Test
    void whatItWritesIsNotForEverybody() {
        assertThat(inside("umask; touch /f; stat -c %a /f")).isEqualTo("0022\n644");
    }

    /** Of the sixteen, those that mean nothing any more (RSS, LOCKS) are left alone. */
    @Test
    void everyResourceLimitIsOurs() throws IOException {
        String limits = inside("cat /proc/self/limits").replaceAll("  +", " ");
        assertThat(limits)
                .contains("Max nice priority 0 0", "Max realtime priority 0 0", "Max core file size 0 0 ")
                .contains("Max stack size 8388608 ", "Max open files 1024 ", "Max pending signals 1024 1024 ")
                .contains("Max processes %1$d %1$d ".formatted(mostProcesses()), "Max locked memory 65536 65536 ");
    }

    /** The kernel bounds it by the host's memory, in a small virtual machine below what we give; nothing is raised. */
    private static long mostProcesses() throws IOException {
        String own = Files.readString(Path.of("/proc/self/limits"))
                .lines()
                .filter(line -> line.startsWith("Max processes"))
                .map(line -> line.split("\\s{2,}", 0)[2])
                .findFirst()
                .orElseThrow();
        return own.equals("unlimited") ? 32_784 : Math.min(32_784, Long.parseLong(own));
    }

    @Test
    void cannotMountOrLeave() {
        assertThat(inside("mount -t tmpfs x /tmp")).contains("permission denied");
        assertThat(inside("umount /proc/keys")).contains("Operation not permitted");
        assertThat(inside("unshare -r true")).contains("Operation not permitted");
        assertThat(inside("mknod /tmp/sda b 8 0")).contains("Operation not permitted");
        assertThat(inside("chroot / true")).contains("Operation not permitted");
    }

    @Test
    void kernelSettingsAndSecretsAreOutOfReach() {
        assertThat(inside("echo 1 > /proc/sys/kernel/panic"))
                .containsAnyOf("Read-only file system", "Permission denied");
        assertThat(inside("touch /sys/x")).contains("Read-only file system");
        assertThat(
                        inside(
                                "for f in interrupts kcore keys timer_list; do [ ! -e /proc/$f ] || cat /proc/$f; done | wc -c"))
                .isEqualTo("0");
        assertThat(inside("ls /sys/firmware | wc -l")).isEqualTo("0");
        assertThat(inside("cat /proc/1/environ")).containsAnyOf("Permission denied", "Operation not permitted");
    }

    @Test
    void devicesAreTheSixAndTheyWork() {
        assertThat(inside("ls /dev"))
                .isEqualTo("fd\nfull\nmqueue\nnull\nptmx\npts\nrandom\nshm\nstderr\nstdin\nstdout\ntty\nurandom\nzero");
        assertThat(inside("head -c 4 /dev/zero | wc -c")).isEqualTo("4");
        assertThat(inside("echo x > /dev/full")).contains("No space left");
    }

    @Test
    void hasOnlyALoopback() {
        assertThat(inside("ls /sys/class/net")).isEqualTo("lo");
    }

    @Test
    void aChangedRootAloneHidesFilesOnly() {
        Host.Outcome outcome = host.run(
                runtime,
                host.spec(
                        Host.shell("ls /; cat /proc/self/uid_map; readlink /proc/self/ns/pid"),
                        Host.LIMITS,
                        true,
                        Isolation.CHROOT_ONLY));
        assertThat(outcome.out())
                .startsWith("bin\ndev\netc\nproc\n")
                .contains("4294967295")
                .contains("pid:[");
    }
}
