package dev.landlord.runtime.cgroup;

import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.cgroup.CgroupWrite.Cpus;
import dev.landlord.runtime.cgroup.CgroupWrite.DeviceLine;
import dev.landlord.runtime.cgroup.CgroupWrite.Lines;
import dev.landlord.runtime.cgroup.CgroupWrite.NoLimit;
import dev.landlord.runtime.cgroup.CgroupWrite.Same;
import dev.landlord.runtime.cgroup.CgroupWrite.WholePages;
import dev.landlord.runtime.proc.CpuList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What to write on version 1, in an order that the kernel takes at every step. Pure. */
final class V1Writes {
    static final String SHARES = "cpu.shares";
    static final String PERIOD = "cpu.cfs_period_us";
    static final String QUOTA = "cpu.cfs_quota_us";
    static final String MEMORY = "memory.limit_in_bytes";
    static final String MEMORY_AND_SWAP = "memory.memsw.limit_in_bytes";
    static final String PIDS = "pids.max";
    static final String CPUS = "cpuset.cpus";

    /** The files of {@code blkio} and what each of them limits. */
    static final Map<String, Function<IoLimit, @Nullable Long>> IO = Map.of(
            "blkio.throttle.read_bps_device", IoLimit::readBytesPerSecond,
            "blkio.throttle.write_bps_device", IoLimit::writeBytesPerSecond,
            "blkio.throttle.read_iops_device", IoLimit::readOpsPerSecond,
            "blkio.throttle.write_iops_device", IoLimit::writeOpsPerSecond);

    /** null, zero, full, random, urandom, tty, console, ptmx and the pseudo terminals; nothing else has a use inside. */
    static final List<String> DEVICES = List.of(
            "c 1:3 rwm",
            "c 1:5 rwm",
            "c 1:7 rwm",
            "c 1:8 rwm",
            "c 1:9 rwm",
            "c 5:0 rwm",
            "c 5:1 rwm",
            "c 5:2 rwm",
            "c 136:* rwm");

    private V1Writes() {}

    /** For a group just made: only what is asked for, as everything else is unlimited. */
    static List<CgroupWrite> create(Limits limits, Set<String> controllers) {
        List<CgroupWrite> writes = new ArrayList<>();
        if (limits.cpusetCpus() != null) {
            writes.add(cpus(limits.cpusetCpus(), ""));
        }
        if (limits.memoryMaxBytes() != null) {
            writes.addAll(memory(limits.memoryMaxBytes(), Long.MAX_VALUE));
        }
        if (limits.cpuWeight() != Limits.NONE.cpuWeight()) {
            writes.add(weight(limits.cpuWeight()));
        }
        if (limits.cpuMaxMillis() != null) {
            writes.addAll(quota(limits.cpuMaxMillis(), 100_000));
        }
        if (limits.pidsMax() != null) {
            writes.add(
                    new CgroupWrite("pidsMax", "pids", PIDS, "" + limits.pidsMax(), new Same("" + limits.pidsMax())));
        }
        writes.addAll(io(limits.io()));
        return available(writes, controllers);
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
        String cpus = limits.cpusetCpus() == null ? parentCpus : limits.cpusetCpus();
        if (limits.cpusetCpus() != null || controllers.contains("cpuset")) {
            writes.add(cpus(cpus, parentCpus));
        }
        if (limits.memoryMaxBytes() != null || controllers.contains("memory")) {
            memory(limits.memoryMaxBytes(), number(before, MEMORY, Long.MAX_VALUE)).stream()
                    .filter(w -> limits.memoryMaxBytes() != null || before.containsKey(w.file()))
                    .forEach(writes::add); // a kernel that does not count swap has no file for it
        }
        if (limits.cpuWeight() != Limits.NONE.cpuWeight() || controllers.contains("cpu")) {
            writes.add(weight(limits.cpuWeight()));
        }
        if (limits.cpuMaxMillis() != null || before.containsKey(QUOTA)) {
            writes.addAll(quota(limits.cpuMaxMillis(), number(before, PERIOD, 100_000)));
        }
        if (limits.pidsMax() != null || controllers.contains("pids")) {
            String value = limits.pidsMax() == null ? "max" : "" + limits.pidsMax();
            writes.add(new CgroupWrite("pidsMax", "pids", PIDS, value, new Same(value)));
        }
        writes.addAll(noMoreIo(limits.io(), before));
        writes.addAll(io(limits.io()));
        return available(writes, controllers);
    }

    /** What an update has to know, by controller. Those that a kernel does not have may be absent. */
    static Map<String, List<String>> files() {
        return Map.of(
                "cpu", List.of(SHARES, PERIOD, QUOTA),
                "memory", List.of(MEMORY, MEMORY_AND_SWAP),
                "pids", List.of(PIDS),
                "cpuset", List.of(CPUS),
                "blkio", List.copyOf(IO.keySet()));
    }

    /** The allow-list of a slice without groups inside; those made later inherit it and cannot widen it. */
    static List<CgroupWrite> devices() {
        List<CgroupWrite> writes = new ArrayList<>();
        writes.add(new CgroupWrite("devices", "devices", "devices.deny", "a", "devices.list", new Lines(Set.of())));
        Set<String> soFar = new TreeSet<>();
        for (String device : DEVICES) {
            soFar.add(device);
            writes.add(new CgroupWrite(
                    "devices", "devices", "devices.allow", device, "devices.list", new Lines(Set.copyOf(soFar))));
        }
        return writes;
    }

    private static CgroupWrite weight(int weight) {
        String shares = Long.toString(CpuScale.sharesOfWeight(weight));
        return new CgroupWrite("cpuWeight", "cpu", SHARES, shares, new Same(shares));
    }

    private static CgroupWrite cpus(String list, String all) {
        try {
            CpuList.parse(list);
        } catch (IllegalArgumentException e) {
            throw new SandboxException(Kind.INVALID, "set cpusetCpus", list, 0, String.valueOf(e.getMessage()), e);
        }
        return new CgroupWrite("cpusetCpus", "cpuset", CPUS, list, new Cpus(list, all));
    }

    /** Memory must never be above memory and swap together, so the upper one moves first on the way up, last down. */
    private static List<CgroupWrite> memory(@Nullable Long bytes, long before) {
        String value = bytes == null ? "-1" : bytes.toString();
        CgroupWrite.ReadBack readBack = bytes == null ? new NoLimit() : new WholePages(bytes);
        CgroupWrite memory = new CgroupWrite("memoryMaxBytes", "memory", MEMORY, value, readBack);
        CgroupWrite both = new CgroupWrite("memoryMaxBytes", "memory", MEMORY_AND_SWAP, value, readBack);
        boolean up = bytes == null || bytes > before;
        return up ? List.of(both, memory) : List.of(memory, both);
    }

    /**
     * The kernel compares the ratio with that of the group above at each write. With a longer period first and a shorter
     * one last, the ratio in between is never above both the old and the new one.
     */
    private static List<CgroupWrite> quota(@Nullable Long millis, long periodBefore) {
        if (millis == null) {
            return List.of(new CgroupWrite("cpuMaxMillis", "cpu", QUOTA, "-1", new Same("-1")));
        }
        CpuScale.Quota quota = CpuScale.quota(millis);
        String periodMicros = Long.toString(quota.periodMicros());
        String quotaMicros = Long.toString(quota.quotaMicros());
        CgroupWrite period = new CgroupWrite("cpuMaxMillis", "cpu", PERIOD, periodMicros, new Same(periodMicros));
        CgroupWrite time = new CgroupWrite("cpuMaxMillis", "cpu", QUOTA, quotaMicros, new Same(quotaMicros));
        if (quota.periodMicros() == periodBefore) {
            return List.of(time);
        }
        return quota.periodMicros() > periodBefore ? List.of(period, time) : List.of(time, period);
    }

    private static List<CgroupWrite> io(List<IoLimit> limits) {
        List<CgroupWrite> writes = new ArrayList<>();
        for (IoLimit limit : limits) {
            IO.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> {
                Long value = entry.getValue().apply(limit);
                if (value != null) {
                    writes.add(ioLine(entry.getKey(), limit.major() + ":" + limit.minor(), value.toString()));
                }
            });
        }
        return writes;
    }

    private static List<CgroupWrite> noMoreIo(List<IoLimit> limits, Map<String, String> before) {
        List<CgroupWrite> writes = new ArrayList<>();
        for (String file : new TreeSet<>(IO.keySet())) {
            Set<String> kept = new TreeSet<>();
            for (CgroupWrite write : io(limits)) {
                if (write.file().equals(file)) {
                    kept.add(write.value().substring(0, write.value().indexOf(' ')));
                }
            }
            before.getOrDefault(file, "").lines().forEach(line -> {
                String key = line.substring(0, Math.max(0, line.indexOf(' ')));
                if (!key.isEmpty() && !kept.contains(key)) {
                    writes.add(ioLine(file, key, "0"));
                }
            });
        }
        return writes;
    }

    private static CgroupWrite ioLine(String file, String key, String value) {
        return new CgroupWrite("io", "blkio", file, key + " " + value, new DeviceLine(key, value, "0"));
    }

    private static long number(Map<String, String> before, String file, long otherwise) {
        String text = before.get(file);
        return text == null ? otherwise : Long.parseLong(text.strip());
    }

    static List<CgroupWrite> available(List<CgroupWrite> writes, Set<String> controllers) {
        for (CgroupWrite write : writes) {
            if (!controllers.contains(write.controller())) {
                throw new SandboxException(
                        Kind.UNSUPPORTED,
                        "set " + write.field(),
                        write.file(),
                        "this host has no controller " + write.controller());
            }
        }
        return Collections.unmodifiableList(writes);
    }
}
