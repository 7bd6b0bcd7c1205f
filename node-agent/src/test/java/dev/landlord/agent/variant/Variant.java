package dev.landlord.agent.variant;

import dev.landlord.api.rlimit.Rlimit;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.workload.IoRates;
import dev.landlord.api.workload.OnDisconnect;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.RestartPolicy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An assignment with some things changed. Not thread-safe. */
public final class Variant {
    private final Assignment original;
    private Assignment.Desired desired;
    private ProcessSpec process;
    private Resources resources;
    private RestartPolicy restart;
    private long restartCounter;
    private @Nullable IoRates io;
    private @Nullable Integer ioWeight;
    private @Nullable Integer cpuBurstPercent;

    private Variant(Assignment original) {
        this.original = original;
        desired = original.desired();
        process = original.process();
        resources = original.resources();
        restart = original.restart();
        restartCounter = original.restartCounter();
        io = original.io();
        ioWeight = original.ioWeight();
        cpuBurstPercent = original.cpuBurstPercent();
    }

    public static Variant of(Assignment original) {
        return new Variant(original);
    }

    public Variant desired(Assignment.Desired other) {
        desired = other;
        return this;
    }

    public Variant process(ProcessSpec other) {
        process = other;
        return this;
    }

    /** The program is to be stopped when the lease of its host ends. */
    public Variant leased() {
        return program(OnDisconnect.STOP, process.rlimits());
    }

    public Variant rlimits(Map<Rlimit.Resource, Rlimit> other) {
        return program(process.onDisconnect(), other);
    }

    private Variant program(@Nullable OnDisconnect onDisconnect, @Nullable Map<Rlimit.Resource, Rlimit> rlimits) {
        process = new ProcessSpec(
                process.image(),
                process.command(),
                process.env(),
                process.user(),
                process.workdir(),
                process.init(),
                process.console(),
                onDisconnect,
                rlimits);
        return this;
    }

    public Variant resources(Resources other) {
        resources = other;
        return this;
    }

    /** And the rest of the resources as it was. */
    public Variant cpuMillis(long other) {
        resources = new Resources(
                other,
                resources.memoryBytes(),
                resources.pids(),
                resources.diskBytes(),
                resources.inodes(),
                resources.swapBytes());
        return this;
    }

    public Variant restart(RestartPolicy other) {
        restart = other;
        return this;
    }

    public Variant restartCounter(long other) {
        restartCounter = other;
        return this;
    }

    public Variant io(@Nullable IoRates other) {
        io = other;
        return this;
    }

    public Variant ioWeight(@Nullable Integer other) {
        ioWeight = other;
        return this;
    }

    public Variant cpuBurstPercent(@Nullable Integer other) {
        cpuBurstPercent = other;
        return this;
    }

    public Assignment make() {
        return new Assignment(
                original.allocation(),
                original.tenant(),
                original.workload(),
                original.index(),
                desired,
                process,
                resources,
                original.cpuWeight(),
                restart,
                restartCounter,
                original.stopGraceMillis(),
                original.attachment(),
                original.health(),
                io,
                ioWeight,
                cpuBurstPercent);
    }
}
