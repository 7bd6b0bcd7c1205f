package dev.landlord.runtime.plan;

import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.SandboxSpec;
import dev.landlord.runtime.plan.LaunchStep.Device;
import dev.landlord.runtime.plan.LaunchStep.MakeDirectory;
import dev.landlord.runtime.plan.LaunchStep.Mask;
import dev.landlord.runtime.plan.LaunchStep.Mount;
import dev.landlord.runtime.plan.LaunchStep.ReadOnly;
import dev.landlord.runtime.plan.LaunchStep.Symlink;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is mounted above the image, and what of it is hidden. */
final class RootFileSystem {
    private static final long READ_ONLY = 1;
    private static final long NO_SUID = 2;
    private static final long NO_DEV = 4;
    private static final long NO_EXEC = 8;
    private static final long QUIET = NO_SUID | NO_DEV | NO_EXEC;

    private static final List<Device> DEVICES = List.of(
            new Device("null", 1, 3),
            new Device("zero", 1, 5),
            new Device("full", 1, 7),
            new Device("random", 1, 8),
            new Device("urandom", 1, 9),
            new Device("tty", 5, 0));

    /** Files and directories of the kernel that leak facts of the host or of neighbours. Absent ones are skipped. */
    private static final List<String> MASKED = List.of(
            "proc/acpi",
            "proc/asound",
            "proc/interrupts",
            "proc/kcore",
            "proc/keys",
            "proc/latency_stats",
            "proc/sched_debug",
            "proc/scsi",
            "proc/timer_list",
            "proc/timer_stats",
            "sys/devices/virtual/powercap",
            "sys/firmware");

    private static final List<String> READ_ONLY_PATHS =
            List.of("proc/bus", "proc/fs", "proc/irq", "proc/sys", "proc/sysrq-trigger");

    private RootFileSystem() {}

    static void addMounts(List<LaunchStep> steps, SandboxSpec spec) {
        for (String path : List.of("proc", "sys", "dev", "tmp")) {
            steps.add(new MakeDirectory(path, 0755));
        }
        steps.add(new Mount("proc", "proc", QUIET, Map.of()));
        if (spec.isolation() != Isolation.CHROOT_ONLY) {
            steps.add(new Mount("sysfs", "sys", QUIET | READ_ONLY, Map.of()));
        }
        addDevices(steps, spec);
        steps.add(tmpfs("tmp", NO_SUID | NO_DEV, spec.writableBytes(), spec.writableInodes(), "1777"));
    }

    private static void addDevices(List<LaunchStep> steps, SandboxSpec spec) {
        steps.add(tmpfs("dev", NO_SUID | NO_EXEC, 65_536, 64, "0755"));
        steps.addAll(DEVICES);
        for (String path : List.of("dev/pts", "dev/shm", "dev/mqueue")) {
            steps.add(new MakeDirectory(path, 0755));
        }
        steps.add(new Mount(
                "devpts", "dev/pts", NO_SUID | NO_EXEC, ordered("ptmxmode", "0666", "mode", "0620", "gid", "5")));
        steps.add(tmpfs("dev/shm", QUIET, spec.shmBytes(), spec.writableInodes(), "1777"));
        if (spec.isolation() != Isolation.CHROOT_ONLY) {
            steps.add(new Mount("mqueue", "dev/mqueue", QUIET, Map.of()));
        }
        steps.add(new Symlink("/proc/self/fd", "dev/fd"));
        steps.add(new Symlink("/proc/self/fd/0", "dev/stdin"));
        steps.add(new Symlink("/proc/self/fd/1", "dev/stdout"));
        steps.add(new Symlink("/proc/self/fd/2", "dev/stderr"));
        steps.add(new Symlink("pts/ptmx", "dev/ptmx"));
    }

    static void addMasks(List<LaunchStep> steps) {
        MASKED.forEach(path -> steps.add(new Mask(path)));
        READ_ONLY_PATHS.forEach(path -> steps.add(new ReadOnly(path)));
    }

    private static Mount tmpfs(String target, long attributes, long bytes, long inodes, String mode) {
        return new Mount(
                "tmpfs",
                target,
                attributes,
                ordered("size", Long.toString(bytes), "nr_inodes", Long.toString(inodes), "mode", mode));
    }

    private static Map<String, String> ordered(String... keysAndValues) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
