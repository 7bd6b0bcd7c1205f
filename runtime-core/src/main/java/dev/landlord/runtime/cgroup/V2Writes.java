package dev.landlord.runtime.cgroup;

import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.cgroup.CgroupWrite.Cpus;
import dev.landlord.runtime.cgroup.CgroupWrite.DeviceLine;
import dev.landlord.runtime.cgroup.CgroupWrite.Same;
import dev.landlord.runtime.cgroup.CgroupWrite.WholePages;
import dev.landlord.runtime.proc.CpuList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What to write on version 2. Pure. The controllers here are those of version 2, though all files are in one group. */
final class V2Writes {
    static final String WEIGHT = "cpu.weight";
    static final String CPU_MAX = "cpu.max";
    static final String MEMORY = "memory.max";
    static final String SWAP = "memory.swap.max";
    static final String PIDS = "pids.max";
    static final String CPUS = "cpuset.cpus";
    static final String IO = "io.max";

    private static final String NO_IO_LIMIT = "rbps=max wbps=max riops=max wiops=max";

    private V2Writes() {}

    /** For a group just made: only what is asked for, and that an OOM takes the whole sandbox, not a process of it. */
    static List<CgroupWrite> create(Limits limits, Set<String> controllers) {
        List<CgroupWrite> writes = new ArrayList<>();
        if (limits.cpusetCpus() != null) {
            writes.add(cpus(limits.cpusetCpus(), ""));
        }
        if (controllers.contains("memory")) {
            writes.add(new CgroupWrite("memoryMaxBytes", "memory", "memory.oom.group", "1", new Same("1")));
        }
        if (limits.memoryMaxBytes() != null) {
            writes.addAll(memory(limits.memoryMaxBytes()));
        }
        if (limits.cpuWeight() != Limits.NONE.cpuWeight()) {
            writes.add(same("cpuWeight", "cpu", WEIGHT, "" + limits.cpuWeight()));
        }
        if (limits.cpuMaxMillis() != null) {
            writes.add(cpuMax(limits.cpuMaxMillis()));
        }
        if (limits.pidsMax() != null) {
            writes.add(same("pidsMax", "pids", PIDS, "" + limits.pidsMax()));
        }
        limits.io().forEach(limit -> writes.add(ioMax(limit)));
        return V1Writes.available(writes, controllers);
    }

    /**
     * For a living group: everything, also what becomes unlimited.
     *
     * @param before the texts of the files that {@link #files} names
     * @param parentCpus what the group above may use
     */
    static List<CgroupWrite> update(
            Limits limits, Set<String> controllers, Map<String, String> before, String parentCpus) {
        List<CgroupWrite> writes = new ArrayList<>();
        if (limits.cpusetCpus() != null) {
            writes.add(cpus(limits.cpusetCpus(), parentCpus));
        } else if (!before.getOrDefault(CPUS, "").isBlank()) {
            writes.add(cpus(parentCpus, parentCpus)); // a group with processes in it cannot go back to an empty list
        }
        if (limits.memoryMaxBytes() != null || controllers.contains("memory")) {
            writes.addAll(limits.memoryMaxBytes() == null ? noMemory(before) : memory(limits.memoryMaxBytes()));
        }
        if (limits.cpuWeight() != Limits.NONE.cpuWeight() || controllers.contains("cpu")) {
            writes.add(same("cpuWeight", "cpu", WEIGHT, "" + limits.cpuWeight()));
        }
        if (limits.cpuMaxMillis() != null || controllers.contains("cpu")) {
            writes.add(cpuMax(limits.cpuMaxMillis()));
        }
        if (limits.pidsMax() != null || controllers.contains("pids")) {
            writes.add(same("pidsMax", "pids", PIDS, limits.pidsMax() == null ? "max" : "" + limits.pidsMax()));
        }
        writes.addAll(noMoreIo(limits.io(), before));
        limits.io().forEach(limit -> writes.add(ioMax(limit)));
        return V1Writes.available(writes, controllers);
    }

    static Map<String, List<String>> files() {
        return Map.of(
                "cpu", List.of(WEIGHT, CPU_MAX),
                "memory", List.of(MEMORY, SWAP),
                "pids", List.of(PIDS),
                "cpuset", List.of(CPUS),
                "io", List.of(IO));
    }

    /** Version 2 takes cpus that the host or the slice does not have and just does not use them: look at what counts. */
    private static CgroupWrite cpus(String list, String all) {
        try {
            CpuList.parse(list);
        } catch (IllegalArgumentException e) {
            throw new SandboxException(Kind.INVALID, "set cpusetCpus", list, 0, String.valueOf(e.getMessage()), e);
        }
        return new CgroupWrite("cpusetCpus", "cpuset", CPUS, list, "cpuset.cpus.effective", new Cpus(list, all));
    }

    /** Swap has a limit of its own here, so that none at all makes the memory limit that of both. */
    private static List<CgroupWrite> memory(long bytes) {
        return List.of(
                same("memoryMaxBytes", "memory", SWAP, "0"),
                new CgroupWrite("memoryMaxBytes", "memory", MEMORY, "" + bytes, new WholePages(bytes)));
    }

    /** A kernel that cannot swap has no file for it. */
    private static List<CgroupWrite> noMemory(Map<String, String> before) {
        CgroupWrite memory = same("memoryMaxBytes", "memory", MEMORY, "max");
        return before.containsKey(SWAP)
                ? List.of(memory, same("memoryMaxBytes", "memory", SWAP, "max"))
                : List.of(memory);
    }

    private static CgroupWrite cpuMax(@Nullable Long millis) {
        if (millis == null) {
            return same("cpuMaxMillis", "cpu", CPU_MAX, "max 100000");
        }
        CpuScale.Quota quota = CpuScale.quota(millis);
        return same("cpuMaxMillis", "cpu", CPU_MAX, quota.quotaMicros() + " " + quota.periodMicros());
    }

    private static CgroupWrite ioMax(IoLimit limit) {
        return ioLine(
                limit.major() + ":" + limit.minor(),
                "rbps=" + orMax(limit.readBytesPerSecond())
                        + " wbps=" + orMax(limit.writeBytesPerSecond())
                        + " riops=" + orMax(limit.readOpsPerSecond())
                        + " wiops=" + orMax(limit.writeOpsPerSecond()));
    }

    private static String orMax(@Nullable Long value) {
        return value == null ? "max" : value.toString();
    }

    private static List<CgroupWrite> noMoreIo(List<IoLimit> limits, Map<String, String> before) {
        Set<String> kept = limits.stream().map(l -> l.major() + ":" + l.minor()).collect(Collectors.toSet());
        Set<String> gone = new TreeSet<>();
        before.getOrDefault(IO, "").lines().forEach(line -> {
            int blank = line.indexOf(' ');
            if (blank > 0 && !kept.contains(line.substring(0, blank))) {
                gone.add(line.substring(0, blank));
            }
        });
        return gone.stream().map(key -> ioLine(key, NO_IO_LIMIT)).toList();
    }

    private static CgroupWrite ioLine(String key, String rest) {
        return new CgroupWrite("io", "io", IO, key + " " + rest, new DeviceLine(key, rest, NO_IO_LIMIT));
    }

    private static CgroupWrite same(String field, String controller, String file, String value) {
        return new CgroupWrite(field, controller, file, value, new Same(value));
    }
}
