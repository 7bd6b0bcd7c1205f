package dev.landlord.runtime.limit;

import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.HugePages;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.limit.CgroupWrite.Cpus;
import dev.landlord.runtime.limit.CgroupWrite.DeviceLine;
import dev.landlord.runtime.limit.CgroupWrite.Lines;
import dev.landlord.runtime.limit.CgroupWrite.NoLimit;
import dev.landlord.runtime.limit.CgroupWrite.Same;
import dev.landlord.runtime.limit.CgroupWrite.WholePages;
import dev.landlord.runtime.proc.CpuList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What to write on version 1, in an order that the kernel takes at every step. Pure. */
public final class V1Writes {
    public static final String MEMORY = "memory.limit_in_bytes";
    static final String SHARES = "cpu.shares";
    static final String PERIOD = "cpu.cfs_period_us";
    static final String QUOTA = "cpu.cfs_quota_us";
    static final String BURST = "cpu.cfs_burst_us";
    public static final String MEMORY_AND_SWAP = "memory.memsw.limit_in_bytes";
    static final String PIDS = "pids.max";
    public static final String CPUS = "cpuset.cpus";

    private static final String WEIGHT = "blkio.bfq.weight_device";
    private static final String NO_WEIGHT = "default";

    /** The files of {@code blkio} and what each of them limits. */
    private static final Map<String, Function<IoLimit, @Nullable Long>> IO = new TreeMap<>(Map.of(
            "blkio.throttle.read_bps_device", IoLimit::readBytesPerSecond,
            "blkio.throttle.write_bps_device", IoLimit::writeBytesPerSecond,
            "blkio.throttle.read_iops_device", IoLimit::readOpsPerSecond,
            "blkio.throttle.write_iops_device", IoLimit::writeOpsPerSecond));

    private V1Writes() {}

    /** For a group just made: only what is asked for, as everything else is unlimited. */
    public static List<CgroupWrite> create(Limits limits, Host host) {
        List<CgroupWrite> writes = new ArrayList<>();
        Limits.Cpu cpu = limits.cpu();
        if (cpu.cpuset() != null) {
            writes.add(cpus(cpu.cpuset(), ""));
        }
        if (limits.memory().maxBytes() != null) {
            writes.addAll(memory(limits.memory(), Long.MAX_VALUE));
        }
        if (cpu.weight() != Limits.NONE.cpu().weight()) {
            writes.add(weight(cpu.weight()));
        }
        if (cpu.maxMillis() != null) {
            writes.addAll(quota(cpu.maxMillis(), 100_000));
        }
        if (cpu.burstMicros() != null) {
            writes.add(burst(cpu.burstMicros()));
        }
        if (limits.pidsMax() != null) {
            writes.add(same("pidsMax", "pids", PIDS, limits.pidsMax().toString()));
        }
        writes.addAll(io(limits.io()));
        limits.hugePages().forEach(pages -> writes.add(hugePages(pages, host)));
        return available(writes, host);
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
        if (cpuset != null || host.has("cpuset")) {
            writes.add(cpus(cpuset == null ? parentCpus : cpuset, parentCpus));
        }
        if (limits.memory().maxBytes() != null || host.has("memory")) {
            memory(limits.memory(), number(before, MEMORY, Long.MAX_VALUE)).stream()
                    .filter(w -> limits.memory().maxBytes() != null || before.containsKey(w.file()))
                    .forEach(writes::add); // a kernel that does not count swap has no file for it
        }
        writes.addAll(cpuTime(limits.cpu(), host, before));
        if (limits.pidsMax() != null || host.has("pids")) {
            writes.add(same("pidsMax", "pids", PIDS, limits.pidsMax() == null ? "max" : "" + limits.pidsMax()));
        }
        writes.addAll(noMoreIo(limits.io(), before));
        writes.addAll(io(limits.io()));
        noMoreHugePages(limits, host, before).forEach(size -> writes.add(noHugePageLimit(size, host)));
        limits.hugePages().forEach(pages -> writes.add(hugePages(pages, host)));
        return available(writes, host);
    }

    /** What is saved up must never be more than the cap gives, so it goes down before the cap and up behind it. */
    private static List<CgroupWrite> cpuTime(Limits.Cpu cpu, Host host, Map<String, String> before) {
        List<CgroupWrite> writes = new ArrayList<>();
        if (cpu.weight() != Limits.NONE.cpu().weight() || host.has("cpu")) {
            writes.add(weight(cpu.weight()));
        }
        if (cpu.maxMillis() == null && !before.containsKey(QUOTA)) {
            return writes;
        }
        long burst = cpu.burstMicros() == null ? 0 : cpu.burstMicros();
        long burstBefore = number(before, BURST, 0);
        List<CgroupWrite> quota = quota(cpu.maxMillis(), number(before, PERIOD, 100_000));
        if (burst < burstBefore) {
            writes.add(burst(burst));
        }
        writes.addAll(quota);
        if (burst > burstBefore) {
            writes.add(burst(burst));
        }
        return writes;
    }

    /** What an update has to know, by controller. Those that a kernel does not have may be absent. */
    public static Map<String, List<String>> files(Host host) {
        List<String> io = new ArrayList<>(IO.keySet());
        io.add(WEIGHT);
        return Map.of(
                "cpu", List.of(SHARES, PERIOD, QUOTA, BURST),
                "memory", List.of(MEMORY, MEMORY_AND_SWAP),
                "pids", List.of(PIDS),
                "cpuset", List.of(CPUS),
                "blkio", io,
                "hugetlb",
                        host.hugePages().stream()
                                .map(size -> hugePageFile(size, host))
                                .toList());
    }

    /** The allow-list of a slice without groups inside; those made later inherit it and cannot widen it. */
    public static List<CgroupWrite> devices() {
        List<CgroupWrite> writes = new ArrayList<>();
        writes.add(new CgroupWrite("devices", "devices", "devices.deny", "a", "devices.list", new Lines(Set.of())));
        Set<String> soFar = new TreeSet<>();
        for (String device : AllowedDevice.lines()) {
            soFar.add(device);
            writes.add(new CgroupWrite(
                    "devices", "devices", "devices.allow", device, "devices.list", new Lines(Set.copyOf(soFar))));
        }
        return writes;
    }

    private static CgroupWrite weight(int weight) {
        return same("cpu.weight", "cpu", SHARES, Long.toString(Scale.sharesOfWeight(weight)));
    }

    private static CgroupWrite burst(long micros) {
        return same("cpu.burstMicros", "cpu", BURST, Long.toString(micros));
    }

    private static CgroupWrite cpus(String list, String all) {
        try {
            CpuList.parse(list);
        } catch (IllegalArgumentException e) {
            throw new SandboxException(Kind.INVALID, "set cpu.cpuset", list, 0, String.valueOf(e.getMessage()), e);
        }
        return new CgroupWrite("cpu.cpuset", "cpuset", CPUS, list, new Cpus(list, all));
    }

    /** Memory must never be above memory and swap together, so the upper one moves first on the way up, last down. */
    private static List<CgroupWrite> memory(Limits.Memory limit, long before) {
        Long bytes = limit.maxBytes();
        if (bytes == null) {
            return List.of(
                    new CgroupWrite("memory.swapMaxBytes", "memory", MEMORY_AND_SWAP, "-1", new NoLimit()),
                    new CgroupWrite("memory.maxBytes", "memory", MEMORY, "-1", new NoLimit()));
        }
        long both = bytes + limit.swapMaxBytes();
        CgroupWrite memory =
                new CgroupWrite("memory.maxBytes", "memory", MEMORY, bytes.toString(), new WholePages(bytes));
        CgroupWrite withSwap =
                new CgroupWrite(swapField(limit), "memory", MEMORY_AND_SWAP, Long.toString(both), new WholePages(both));
        return both > before ? List.of(withSwap, memory) : List.of(memory, withSwap);
    }

    /** Who asks for no swap hears of the limit that cannot be kept without counting it. */
    static String swapField(Limits.Memory limit) {
        return limit.swapMaxBytes() == 0 ? "memory.maxBytes" : "memory.swapMaxBytes";
    }

    /**
     * The kernel compares the ratio with that of the group above at each write. With a longer period first and a shorter
     * one last, the ratio in between is never above both the old and the new one.
     */
    private static List<CgroupWrite> quota(@Nullable Long millis, long periodBefore) {
        if (millis == null) {
            return List.of(same("cpu.maxMillis", "cpu", QUOTA, "-1"));
        }
        Scale.Quota quota = Scale.quota(millis);
        CgroupWrite period = same("cpu.maxMillis", "cpu", PERIOD, Long.toString(quota.periodMicros()));
        CgroupWrite time = same("cpu.maxMillis", "cpu", QUOTA, Long.toString(quota.quotaMicros()));
        if (quota.periodMicros() == periodBefore) {
            return List.of(time);
        }
        return quota.periodMicros() > periodBefore ? List.of(period, time) : List.of(time, period);
    }

    private static List<CgroupWrite> io(List<IoLimit> limits) {
        List<CgroupWrite> writes = new ArrayList<>();
        for (IoLimit limit : limits) {
            String key = limit.major() + ":" + limit.minor();
            IO.forEach((file, field) -> {
                Long value = field.apply(limit);
                if (value != null) {
                    writes.add(ioLine(file, key, value.toString()));
                }
            });
            if (limit.weight() != null) {
                String weight = Integer.toString(Scale.blkioWeightOfIoWeight(limit.weight()));
                writes.add(ioWeight(key, weight));
            }
        }
        return writes;
    }

    /** What the files have for devices that have no such limit any more. */
    private static List<CgroupWrite> noMoreIo(List<IoLimit> limits, Map<String, String> before) {
        Map<String, Set<String>> kept = new HashMap<>();
        io(limits)
                .forEach(write -> kept.computeIfAbsent(write.file(), f -> new TreeSet<>())
                        .add(write.value().substring(0, write.value().indexOf(' '))));
        List<CgroupWrite> writes = new ArrayList<>();
        IO.keySet()
                .forEach(file -> CgroupWrite.devicesIn(before.getOrDefault(file, "")).stream()
                        .filter(key -> !kept.getOrDefault(file, Set.of()).contains(key))
                        .forEach(key -> writes.add(ioLine(file, key, "0"))));
        CgroupWrite.devicesIn(before.getOrDefault(WEIGHT, "")).stream()
                .filter(key -> !kept.getOrDefault(WEIGHT, Set.of()).contains(key))
                .forEach(key -> writes.add(ioWeight(key, NO_WEIGHT)));
        return writes;
    }

    private static CgroupWrite ioLine(String file, String key, String value) {
        return new CgroupWrite("io", "blkio", file, key + " " + value, new DeviceLine(key, value, "0"));
    }

    private static CgroupWrite ioWeight(String key, String value) {
        return new CgroupWrite("io.weight", "blkio", WEIGHT, key + " " + value, new DeviceLine(key, value, NO_WEIGHT));
    }

    /** Where the controller is on version 2, as on hybrid hosts, so is its file. */
    private static String hugePageFile(String size, Host host) {
        return host.hugePagesUnified() ? V2Writes.hugePageFile(size) : "hugetlb." + size + ".limit_in_bytes";
    }

    private static CgroupWrite hugePages(HugePages pages, Host host) {
        if (host.hugePagesUnified()) {
            return V2Writes.hugePages(pages);
        }
        return same("hugePages", "hugetlb", hugePageFile(pages.size(), host), Long.toString(pages.maxBytes()));
    }

    private static CgroupWrite noHugePageLimit(String size, Host host) {
        return host.hugePagesUnified()
                ? V2Writes.noHugePageLimit(size)
                : new CgroupWrite("hugePages", "hugetlb", hugePageFile(size, host), "-1", new NoLimit());
    }

    private static Set<String> noMoreHugePages(Limits limits, Host host, Map<String, String> before) {
        return V2Writes.sizesWithout(limits, host, before, size -> hugePageFile(size, host));
    }

    private static long number(Map<String, String> before, String file, long otherwise) {
        String text = before.get(file);
        return text == null ? otherwise : Long.parseLong(text.strip());
    }

    private static CgroupWrite same(String field, String controller, String file, String value) {
        return new CgroupWrite(field, controller, file, value, new Same(value));
    }

    static List<CgroupWrite> available(List<CgroupWrite> writes, Host host) {
        for (CgroupWrite write : writes) {
            if (!host.has(write.controller())) {
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
