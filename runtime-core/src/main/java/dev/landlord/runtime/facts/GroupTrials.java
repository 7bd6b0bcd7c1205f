package dev.landlord.runtime.facts;

import static dev.landlord.runtime.facts.Laboratory.await;
import static dev.landlord.runtime.facts.Laboratory.limits;
import static dev.landlord.runtime.facts.Laboratory.require;
import static dev.landlord.runtime.facts.Laboratory.text;

import dev.landlord.runtime.Capability;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.Cpu;
import dev.landlord.runtime.Limits.Memory;
import dev.landlord.runtime.cgroup.CgroupTree;
import dev.landlord.runtime.facts.Laboratory.Group;
import dev.landlord.runtime.proc.CpuList;
import dev.landlord.runtime.proc.MemInfo;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a real process finds when it runs against each limit. Each trial throws what is missing. */
final class GroupTrials {
    static final Path MEMORY = Path.of("/proc/meminfo");
    static final Path CPUS = Path.of("/sys/devices/system/cpu/online");
    private static final String SPIN = "while :; do :; done";
    private static final String HOG = "x=$(head -c 16000000 /dev/zero | tr '\\0' x)";
    private static final int KILLED = 137;

    private final Laboratory laboratory;
    private final CgroupTree tree;

    GroupTrials(Laboratory laboratory, CgroupTree tree) {
        this.laboratory = laboratory;
        this.tree = tree;
    }

    Map<Capability, Runnable> all() {
        Map<Capability, Runnable> trials = new LinkedHashMap<>();
        trials.put(Capability.CPU_WEIGHT, this::heavyRunsMore);
        trials.put(Capability.CPU_MAX, this::spinningIsThrottled);
        trials.put(Capability.CPU_BURST, this::savedTimeIsUsed);
        trials.put(Capability.CPUSET, this::boundToItsCpu);
        trials.put(Capability.MEMORY_MAX, this::memoryIsTaken);
        trials.put(Capability.MEMORY_SWAP, this::noMoreIsSwappedThanAllowed);
        trials.put(Capability.PIDS_MAX, this::forkIsRefused);
        trials.put(Capability.DEVICES, this::deviceIsRefused);
        trials.put(Capability.FREEZER, this::frozenIsFrozen);
        trials.put(Capability.PRESSURE, this::waitingIsCounted);
        return trials;
    }

    private static String firstCpu() {
        return Integer.toString(CpuList.parse(text(CPUS)).nextSetBit(0));
    }

    /** On one cpu, so that they are in each other's way. */
    private void heavyRunsMore() {
        String cpu = firstCpu();
        laboratory.with(
                limits(new Cpu(10_000, null, null, cpu), Memory.UNLIMITED),
                heavy -> laboratory.with(limits(new Cpu(10, null, null, cpu), Memory.UNLIMITED), light -> {
                    try (Subject first = light.subject(SPIN);
                            Subject second = heavy.subject(SPIN)) {
                        Race race = new Race(heavy, light);
                        first.release();
                        await(race::lightRuns, "cpu.weight", "a light program hardly ran, though it was alone");
                        second.release();
                        await(
                                race::heavyIsAhead,
                                "cpu.weight",
                                "a thousand times the weight did not run four times as much");
                    }
                }));
    }

    /** Between two programs that do not rest, in laps: the last one counts, as on a busy host both need time to start. */
    private static final class Race {
        private static final long LAP_NANOS = 40_000_000;

        private final Group heavy;
        private final Group light;
        private long heavyNanos;
        private long lightNanos;

        Race(Group heavy, Group light) {
            this.heavy = heavy;
            this.light = light;
            this.heavyNanos = heavy.usage().cpuUsageNanos();
            this.lightNanos = light.usage().cpuUsageNanos();
        }

        boolean lightRuns() {
            return light.usage().cpuUsageNanos() > lightNanos + LAP_NANOS / 8;
        }

        boolean heavyIsAhead() {
            long more = heavy.usage().cpuUsageNanos() - heavyNanos;
            long less = light.usage().cpuUsageNanos() - lightNanos;
            if (more + less < LAP_NANOS) {
                return false;
            }
            heavyNanos += more;
            lightNanos += less;
            return more > 4 * less;
        }
    }

    private void spinningIsThrottled() {
        laboratory.with(limits(new Cpu(100, 50L, null, null), Memory.UNLIMITED), group -> {
            try (Subject subject = group.subject(SPIN)) {
                subject.release();
                await(() -> group.usage().cpuThrottledPeriods() > 0, "cpu.max", "a program ran beyond its cap");
            }
        });
    }

    /** Works less than its cap for a while, and then more. */
    private void savedTimeIsUsed() {
        String script = "while :; do sleep 0.12; i=0; while [ $i -lt 9000 ]; do i=$((i+1)); done; done";
        laboratory.with(limits(new Cpu(100, 100L, 10_000L, null), Memory.UNLIMITED), group -> {
            try (Subject subject = group.subject(script)) {
                subject.release();
                await(() -> group.counter("cpu.stat", "nr_bursts") > 0, "cpu.burst", "no saved time was used");
            }
        });
    }

    private void boundToItsCpu() {
        String first = firstCpu();
        laboratory.with(limits(new Cpu(100, null, null, first), Memory.UNLIMITED), group -> {
            try (Subject subject = group.subject("exit 0")) {
                boolean bound = text(Path.of("/proc/" + subject.pid() + "/status"))
                        .lines()
                        .anyMatch(line -> line.equals("Cpus_allowed_list:\t" + first));
                require(bound, "cpuset", "a program may use other cpus than its own");
            }
        });
    }

    private static Limits smallMemory() {
        return limits(Cpu.UNLIMITED, new Memory(4L << 20, 0));
    }

    private void memoryIsTaken() {
        laboratory.with(smallMemory(), group -> {
            try (Subject subject = group.subject(HOG)) {
                subject.go();
                require(group.oomKills() > 0, "memory.max", "a program took more than its limit");
            }
        });
    }

    /** More than its memory is there for a program as long as swap is, and no longer. */
    private void noMoreIsSwappedThanAllowed() {
        require(MemInfo.parse(text(MEMORY)).swapTotalBytes() > 0, "memory.swap", "this host has no swap");
        laboratory.with(limits(Cpu.UNLIMITED, new Memory(8L << 20, 64L << 20)), group -> {
            try (Subject subject = group.subject(HOG + "; exit 77")) {
                int exit = subject.go();
                require(exit == 77 && group.oomKills() == 0, "memory.swap", "a program could not use its swap");
            }
        });
        laboratory.with(limits(Cpu.UNLIMITED, new Memory(4L << 20, 4L << 20)), group -> {
            try (Subject subject = group.subject(HOG)) {
                subject.go();
                require(group.oomKills() > 0, "memory.swap", "a program was given more swap than its limit");
            }
        });
    }

    private void forkIsRefused() {
        Limits one = new Limits(100, null, null, 1L, null, List.of());
        laboratory.with(one, group -> {
            try (Subject subject = group.subject("(exit 7); test $? = 7 && exit 77")) {
                require(subject.go() != 77, "pids.max", "a program forked beyond its limit");
            }
        });
    }

    private void deviceIsRefused() {
        tree.devicesUnlimited().ifPresent(reason -> require(false, "devices", reason));
        laboratory.with(Limits.NONE, group -> {
            try (Subject subject = group.subject("(: < /dev/null) || exit 78; (: < /dev/kmsg) && exit 77; exit 0")) {
                int exit = subject.go();
                require(exit != 78, "devices", "/dev/null cannot be opened");
                require(exit != 77, "devices", "a device that is not on the list was opened");
            }
        });
    }

    private void frozenIsFrozen() {
        laboratory.with(Limits.NONE, group -> {
            try (Subject subject = group.subject("exit 0")) {
                tree.freeze(group.owner(), group.id());
                require(tree.frozen(group.owner(), group.id()), "freezer", "the group says that it is not frozen");
                tree.kill(group.owner(), group.id());
                require(subject.ended() == KILLED, "freezer", "a frozen program was not killed");
            }
        });
    }

    private void waitingIsCounted() {
        laboratory.with(limits(new Cpu(100, 50L, null, null), Memory.UNLIMITED), group -> {
            require(group.has("cpu.pressure"), "pressure", "waiting is not counted for each group here");
            try (Subject subject = group.subject(SPIN)) {
                subject.release();
                await(() -> waited(group) > 0, "pressure", "a throttled program is not counted as waiting");
            }
        });
    }

    private static long waited(Group group) {
        return group.usage().pressure().cpuSomeMicros();
    }
}
