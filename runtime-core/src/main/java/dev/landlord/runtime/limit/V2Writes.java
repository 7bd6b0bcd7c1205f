package dev.landlord.runtime.limit;

import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.HugePages;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.limit.CgroupWrite.Cpus;
import dev.landlord.runtime.limit.CgroupWrite.DeviceLine;
import dev.landlord.runtime.limit.CgroupWrite.Same;
import dev.landlord.runtime.limit.CgroupWrite.WholePages;
import dev.landlord.runtime.proc.CpuList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What to write on version 2. Pure. The controllers here are those of version 2, though all files are in one group. */
public final class V2Writes {
    static final String WEIGHT = "cpu.weight";
    static final String CPU_MAX = "cpu.max";
    public static final String MEMORY = "memory.max";
    public static final String SWAP = "memory.swap.max";
    static final String PIDS = "pids.max";
    static final String CPUS = "cpuset.cpus";
    static final String IO = "io.max";
    static final String BURST = "cpu.max.burst";
    static final String IO_WEIGHT = "io.weight";
    static final String BFQ_WEIGHT = "io.bfq.weight";

    private static final String NO_WEIGHT = "default";

    private static final String NO_IO_LIMIT = "rbps=max wbps=max riops=max wiops=max";

    private V2Writes() {}

    /** For a group just made: only what is asked for, and that an OOM takes the whole sandbox, not a process of it. */
    public static List<CgroupWrite> create(Limits limits, Host host) {
        List<CgroupWrite> writes = new ArrayList<>();
        Limits.Cpu cpu = limits.cpu();
        if (cpu.cpuset() != null) {
            writes.add(cpus(cpu.cpuset(), ""));
        }
        if (host.has("memory")) {
            writes.add(same("memory.maxBytes", "memory", "memory.oom.group", "1"));
        }
        if (limits.memory().maxBytes() != null) {
            writes.addAll(memory(limits.memory()));
        }
        if (cpu.weight() != Limits.NONE.cpu().weight()) {
            writes.add(same("cpu.weight", "cpu", WEIGHT, "" + cpu.weight()));
        }
        if (cpu.maxMillis() != null) {
            writes.add(cpuMax(cpu.maxMillis()));
        }
        if (cpu.burstMicros() != null) {
            writes.add(burst(cpu.burstMicros()));
        }
        if (limits.pidsMax() != null) {
            writes.add(same("pidsMax", "pids", PIDS, "" + limits.pidsMax()));
        }
        writes.addAll(io(limits.io(), host));
        limits.hugePages().forEach(pages -> writes.add(hugePages(pages)));
        return V1Writes.available(writes, host);
    }

    /**
     * For a living group: everything, also what becomes unlimited.
     *
     * @param before the texts of the files that {@link #files} names
     * @param parentCpus what the group above may use
     */
    public static List<CgroupWrite> update(Limits limits, Host host, Map<String, String> before, String parentCpus) {
        List<CgroupWrite> writes = new ArrayList<>();
        String cpuset = limits.cpu().cpuset();
        if (cpuset != null) {
            writes.add(cpus(cpuset, parentCpus));
        } else if (!before.getOrDefault(CPUS, "").isBlank()) {
            writes.add(cpus(parentCpus, parentCpus)); // a group with processes in it cannot go back to an empty list
        }
        if (limits.memory().maxBytes() != null || host.has("memory")) {
            writes.addAll(limits.memory().maxBytes() == null ? noMemory(before) : memory(limits.memory()));
        }
        writes.addAll(cpuTime(limits.cpu(), host, before));
        if (limits.pidsMax() != null || host.has("pids")) {
            writes.add(same("pidsMax", "pids", PIDS, limits.pidsMax() == null ? "max" : "" + limits.pidsMax()));
        }
        writes.addAll(noMoreIo(limits.io(), host, before));
        writes.addAll(io(limits.io(), host));
        sizesWithout(limits, host, before, V2Writes::hugePageFile).forEach(size -> writes.add(noHugePageLimit(size)));
        limits.hugePages().forEach(pages -> writes.add(hugePages(pages)));
        return V1Writes.available(writes, host);
    }

    /** What is saved up must never be more than the cap gives, so it goes down before the cap and up behind it. */
    private static List<CgroupWrite> cpuTime(Limits.Cpu cpu, Host host, Map<String, String> before) {
        List<CgroupWrite> writes = new ArrayList<>();
        if (cpu.weight() != Limits.NONE.cpu().weight() || host.has("cpu")) {
            writes.add(same("cpu.weight", "cpu", WEIGHT, "" + cpu.weight()));
        }
        if (cpu.maxMillis() == null && !host.has("cpu")) {
            return writes;
        }
        long burst = cpu.burstMicros() == null ? 0 : cpu.burstMicros();
        long burstBefore = Long.parseLong(before.getOrDefault(BURST, "0").strip());
        if (burst < burstBefore) {
            writes.add(burst(burst));
        }
        writes.add(cpuMax(cpu.maxMillis()));
        if (burst > burstBefore) {
            writes.add(burst(burst));
        }
        return writes;
    }

    /** What an update has to know, by controller. Those that a kernel does not have may be absent. */
    public static Map<String, List<String>> files(Host host) {
        return Map.of(
                "cpu", List.of(WEIGHT, CPU_MAX, BURST),
                "memory", List.of(MEMORY, SWAP),
                "pids", List.of(PIDS),
                "cpuset", List.of(CPUS),
                "io", List.of(IO, IO_WEIGHT, BFQ_WEIGHT),
                "hugetlb", host.hugePages().stream().map(V2Writes::hugePageFile).toList());
    }

    /** Version 2 takes cpus that the host or the slice does not have and just does not use them: look at what counts. */
    private static CgroupWrite cpus(String list, String all) {
        try {
            CpuList.parse(list);
        } catch (IllegalArgumentException e) {
            throw new SandboxException(Kind.INVALID, "set cpu.cpuset", list, 0, String.valueOf(e.getMessage()), e);
        }
        return new CgroupWrite("cpu.cpuset", "cpuset", CPUS, list, "cpuset.cpus.effective", new Cpus(list, all));
    }

    /** Swap has a limit of its own here. It goes first, so that what no longer fits has nowhere to go. */
    private static List<CgroupWrite> memory(Limits.Memory limit) {
        long bytes = Objects.requireNonNull(limit.maxBytes());
        long swap = limit.swapMaxBytes();
        return List.of(
                new CgroupWrite(V1Writes.swapField(limit), "memory", SWAP, "" + swap, new WholePages(swap)),
                new CgroupWrite("memory.maxBytes", "memory", MEMORY, "" + bytes, new WholePages(bytes)));
    }

    /** A kernel that cannot swap has no file for it. */
    private static List<CgroupWrite> noMemory(Map<String, String> before) {
        CgroupWrite memory = same("memory.maxBytes", "memory", MEMORY, "max");
        return before.containsKey(SWAP)
                ? List.of(memory, same("memory.swapMaxBytes", "memory", SWAP, "max"))
                : List.of(memory);
    }

    private static CgroupWrite cpuMax(@Nullable Long millis) {
        if (millis == null) {
            return same("cpu.maxMillis", "cpu", CPU_MAX, "max 100000");
        }
        Scale.Quota quota = Scale.quota(millis);
        return same("cpu.maxMillis", "cpu", CPU_MAX, quota.quotaMicros() + " " + quota.periodMicros());
    }

    private static CgroupWrite burst(long micros) {
        return same("cpu.burstMicros", "cpu", BURST, Long.toString(micros));
    }

    private static List<CgroupWrite> io(List<IoLimit> limits, Host host) {
        List<CgroupWrite> writes = new ArrayList<>();
        for (IoLimit limit : limits) {
            String rest = "rbps=" + orMax(limit.readBytesPerSecond())
                    + " wbps=" + orMax(limit.writeBytesPerSecond())
                    + " riops=" + orMax(limit.readOpsPerSecond())
                    + " wiops=" + orMax(limit.writeOpsPerSecond());
            if (!rest.equals(NO_IO_LIMIT)) {
                writes.add(ioLine(key(limit), rest));
            }
            if (limit.weight() != null) {
                writes.add(ioWeight(key(limit), limit.weight(), host));
            }
        }
        return writes;
    }

    private static String key(IoLimit limit) {
        return limit.major() + ":" + limit.minor();
    }

    private static String orMax(@Nullable Long value) {
        return value == null ? "max" : value.toString();
    }

    /** What the files have for devices that have no such limit any more. */
    private static List<CgroupWrite> noMoreIo(List<IoLimit> limits, Host host, Map<String, String> before) {
        Map<String, Set<String>> kept = new HashMap<>();
        io(limits, host)
                .forEach(write -> kept.computeIfAbsent(write.file(), f -> new TreeSet<>())
                        .add(write.value().substring(0, write.value().indexOf(' '))));
        List<CgroupWrite> writes = new ArrayList<>();
        for (String file : List.of(IO, IO_WEIGHT, BFQ_WEIGHT)) {
            CgroupWrite.devicesIn(before.getOrDefault(file, "")).stream()
                    .filter(key -> !kept.getOrDefault(file, Set.of()).contains(key))
                    .forEach(key -> writes.add(file.equals(IO) ? ioLine(key, NO_IO_LIMIT) : noWeight(file, key)));
        }
        return writes;
    }

    private static CgroupWrite ioLine(String key, String rest) {
        return new CgroupWrite("io", "io", IO, key + " " + rest, new DeviceLine(key, rest, NO_IO_LIMIT));
    }

    /** BFQ has a file and a scale of its own; everything else that weighs is the kernel's cost model. */
    private static CgroupWrite ioWeight(String key, int weight, Host host) {
        boolean bfq = host.proportional().contains(key);
        String value = Integer.toString(bfq ? Scale.blkioWeightOfIoWeight(weight) : weight);
        String file = bfq ? BFQ_WEIGHT : IO_WEIGHT;
        return new CgroupWrite("io.weight", "io", file, key + " " + value, new DeviceLine(key, value, NO_WEIGHT));
    }

    private static CgroupWrite noWeight(String file, String key) {
        return new CgroupWrite(
                "io.weight", "io", file, key + " " + NO_WEIGHT, new DeviceLine(key, NO_WEIGHT, NO_WEIGHT));
    }

    static String hugePageFile(String size) {
        return "hugetlb." + size + ".max";
    }

    static CgroupWrite hugePages(HugePages pages) {
        return same("hugePages", "hugetlb", hugePageFile(pages.size()), Long.toString(pages.maxBytes()));
    }

    static CgroupWrite noHugePageLimit(String size) {
        return same("hugePages", "hugetlb", hugePageFile(size), "max");
    }

    /** Those that are limited no longer; without its file the group has no limit anyway. */
    static Set<String> sizesWithout(
            Limits limits, Host host, Map<String, String> before, Function<String, String> fileOfSize) {
        Set<String> sizes = new TreeSet<>(host.hugePages());
        limits.hugePages().forEach(pages -> sizes.remove(pages.size()));
        sizes.removeIf(size -> !before.containsKey(fileOfSize.apply(size)));
        return sizes;
    }

    private static CgroupWrite same(String field, String controller, String file, String value) {
        return new CgroupWrite(field, controller, file, value, new Same(value));
    }
}
