package dev.landlord.agent.sandbox;

import dev.landlord.agent.diff.AgentAction.Start;
import dev.landlord.agent.diff.ResourceLimits;
import dev.landlord.agent.image.content.CommandLookup;
import dev.landlord.agent.image.content.UserLookup;
import dev.landlord.agent.network.TenantMarks;
import dev.landlord.api.network.Attachment;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.workload.IoRates;
import dev.landlord.runtime.BlockDevice;
import dev.landlord.runtime.Connection;
import dev.landlord.runtime.Connection.Protocol;
import dev.landlord.runtime.Connection.PublishedPort;
import dev.landlord.runtime.Console;
import dev.landlord.runtime.IdBlock;
import dev.landlord.runtime.Ipv4;
import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.Limits.Cpu;
import dev.landlord.runtime.Limits.IoLimit;
import dev.landlord.runtime.Limits.Memory;
import dev.landlord.runtime.LogPolicy;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.ProcessSpec;
import dev.landlord.runtime.Rlimit;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxSpec;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From what a control plane says to what the runtime understands. Pure. */
final class SpecMapper {
    private static final long MAX_SHM_BYTES = 64L << 20;
    private static final long MIN_SHM_BYTES = 64L << 10;

    private SpecMapper() {}

    static SandboxSpec spec(Start start, Path rootfs, IdBlock ids, UserLookup.Found user) {
        Assignment assignment = start.assignment();
        String hostname = assignment.workload() + "-" + assignment.index();
        ProcessSpec process = new ProcessSpec(
                assignment.process().command(),
                environment(assignment, hostname, user),
                assignment.process().workdir(),
                user.uid(),
                user.gid(),
                user.groups(),
                console(assignment.process().console()),
                rlimits(assignment.process().limits()));
        return new SandboxSpec(
                new SandboxName(assignment.allocation(), start.run()).id(),
                new OwnerId(assignment.tenant().value()),
                ids,
                rootfs,
                process,
                hostname,
                leafLimits(ResourceLimits.of(assignment)),
                assignment.resources().diskBytes(),
                assignment.resources().inodes(),
                shmBytes(assignment.resources().memoryBytes()),
                assignment.process().init(),
                LogPolicy.DEFAULT,
                Isolation.FULL,
                connection(assignment.attachment(), ids),
                start.leaseTerm());
    }

    private static Console console(dev.landlord.api.workload.@Nullable Console console) {
        return console == null
                ? Console.NONE
                : switch (console) {
                    case PIPE -> Console.PIPE;
                    case TERMINAL -> Console.TERMINAL;
                };
    }

    private static List<Rlimit> rlimits(
            Map<dev.landlord.api.rlimit.Rlimit.Resource, dev.landlord.api.rlimit.Rlimit> limits) {
        return limits.entrySet().stream()
                .map(entry -> new Rlimit(
                        Rlimit.Resource.valueOf(entry.getKey().name()),
                        orUnlimited(entry.getValue().soft()),
                        orUnlimited(entry.getValue().hard())))
                .toList();
    }

    private static long orUnlimited(@Nullable Long value) {
        return value == null ? Rlimit.UNLIMITED : value;
    }

    private static @Nullable Connection connection(@Nullable Attachment attachment, IdBlock ids) {
        if (attachment == null) {
            return null;
        }
        List<PublishedPort> ports = attachment.ports().stream()
                .map(port -> new PublishedPort(Protocol.valueOf(port.protocol().name()), port.port(), port.hostPort()))
                .toList();
        return new Connection(Ipv4.parse(attachment.address()), TenantMarks.ofBlock(ids.base()), ports);
    }

    /** Defaults, then the tenant's own, then what must not lie about who it is. */
    private static Map<String, String> environment(Assignment assignment, String hostname, UserLookup.Found user) {
        Map<String, String> env = new HashMap<>();
        env.put("PATH", CommandLookup.DEFAULT_PATH);
        env.put("HOME", user.home());
        env.put("HOSTNAME", hostname);
        if (assignment.process().console() == dev.landlord.api.workload.Console.TERMINAL) {
            env.put("TERM", "xterm");
        }
        env.putAll(assignment.process().env());
        env.put("LANDLORD_TENANT", assignment.tenant().value());
        env.put("LANDLORD_WORKLOAD", assignment.workload().value());
        env.put("LANDLORD_ALLOCATION", assignment.allocation().value());
        return env;
    }

    private static long shmBytes(long memoryBytes) {
        return Math.max(MIN_SHM_BYTES, Math.min(MAX_SHM_BYTES, memoryBytes / 4));
    }

    /** Between the sandboxes of one tenant, CPU is shared out by size: one core weighs 100. */
    static Limits leafLimits(ResourceLimits limits) {
        int weight = Math.clamp(limits.cpuMillis() / 10, 1, 10_000);
        return limits(limits, new Cpu(weight, limits.cpuMillis(), limits.cpuBurstMicros(), null), List.of());
    }

    /**
     * Between tenants, CPU is shared out by what their plans say.
     *
     * @param cpus kernel list of those that all sandboxes are bound to, or null for all
     */
    static Limits ownerLimits(ResourceLimits limits, @Nullable BlockDevice disk, @Nullable String cpus) {
        Cpu cpu = new Cpu(limits.cpuWeight(), limits.cpuMillis(), limits.cpuBurstMicros(), cpus);
        return limits(limits, cpu, io(limits, disk));
    }

    /** Nothing but that. */
    static Limits boundTo(String cpus) {
        return new Limits(Cpu.UNLIMITED.weight(), null, null, null, cpus, List.of());
    }

    /** Traffic is the whole tenant's, so that it does not matter which of its sandboxes makes it. */
    private static List<IoLimit> io(ResourceLimits limits, @Nullable BlockDevice disk) {
        if (!limits.concernDisk()) {
            return List.of();
        }
        if (disk == null) {
            throw new SandboxException(
                    Kind.UNSUPPORTED, "set io", "disk", "sandboxes are kept on no block device of this host");
        }
        IoRates rates = limits.io();
        return List.of(new IoLimit(
                disk.major(),
                disk.minor(),
                rates == null ? null : rates.readBytesPerSecond(),
                rates == null ? null : rates.writeBytesPerSecond(),
                rates == null ? null : rates.readOpsPerSecond(),
                rates == null ? null : rates.writeOpsPerSecond(),
                limits.ioWeight()));
    }

    private static Limits limits(ResourceLimits limits, Cpu cpu, List<IoLimit> io) {
        Memory memory = new Memory(limits.memoryBytes(), limits.swap());
        return new Limits(cpu, memory, limits.pids(), io, List.of());
    }
}
