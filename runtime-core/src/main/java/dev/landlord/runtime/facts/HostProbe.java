package dev.landlord.runtime.facts;

import dev.landlord.runtime.Capability;
import dev.landlord.runtime.HostFacts;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.cgroup.CgroupTree;
import dev.landlord.runtime.proc.CpuList;
import dev.landlord.runtime.proc.MemInfo;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Says what this host has and which limits it really enforces. */
public final class HostProbe {
    private static final Path KERNEL = Path.of("/proc/sys/kernel/osrelease");

    private HostProbe() {}

    /**
     * Tries everything once, all at the same time; takes about half a second, in which processes are killed for want of
     * memory and half a megabyte is written; where the disk may weigh its users it takes three, and 32 MiB. Where there is
     * swap, up to 100 MiB go there and come back, for which it is waited two minutes at most. What cannot be tried here is
     * missing, with the reason.
     *
     * @param verified capabilities that the caller has verified by other means
     * @param missing those that it found missing, with the reason
     * @param directory on the disk whose limits are tried; a file is made in it and deleted
     */
    public static HostFacts probe(CgroupTree tree, Set<String> verified, Map<String, String> missing, Path directory) {
        Laboratory laboratory = new Laboratory(tree);
        laboratory.removeEarlierOnes();
        Map<Capability, Runnable> trials = new LinkedHashMap<>(new GroupTrials(laboratory, tree).all());
        trials.putAll(new DiskTrials(laboratory, directory).all());
        Set<String> capabilities = new HashSet<>(verified);
        Map<String, String> reasons = new HashMap<>(missing);
        try {
            attemptAll(trials)
                    .forEach((capability, outcome) -> outcome.ifPresentOrElse(
                            reason -> reasons.put(capability.wireName(), reason),
                            () -> capabilities.add(capability.wireName())));
        } finally {
            laboratory.close();
        }
        MemInfo memory = MemInfo.parse(Laboratory.text(GroupTrials.MEMORY));
        return new HostFacts(
                CpuList.parse(Laboratory.text(GroupTrials.CPUS)).cardinality(),
                memory.totalBytes(),
                memory.swapTotalBytes(),
                Laboratory.text(KERNEL).strip(),
                tree.mode(),
                capabilities,
                reasons);
    }

    /** Mostly they wait, so together they take little longer than one. */
    private static Map<Capability, Optional<String>> attemptAll(Map<Capability, Runnable> trials) {
        Executor threads = work -> Thread.ofPlatform().name("host-probe").start(work);
        Map<Capability, CompletableFuture<Optional<String>>> running = new LinkedHashMap<>();
        trials.forEach((capability, trial) ->
                running.put(capability, CompletableFuture.supplyAsync(() -> attempt(trial), threads)));
        Map<Capability, Optional<String>> outcomes = new LinkedHashMap<>();
        running.forEach((capability, outcome) -> outcomes.put(capability, outcome.join()));
        // What failed among the others, or on a host that was busy just then, is tried once more, alone.
        trials.forEach((capability, trial) ->
                outcomes.computeIfPresent(capability, (name, reason) -> reason.isEmpty() ? reason : attempt(trial)));
        return outcomes;
    }

    /** Empty if the host did it, else why not. */
    private static Optional<String> attempt(Runnable trial) {
        try {
            trial.run();
            return Optional.empty();
        } catch (SandboxException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
