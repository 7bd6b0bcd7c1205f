package dev.landlord.agent.sandbox;

import dev.landlord.agent.diff.ResourceLimits;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.workload.IoRates;
import dev.landlord.runtime.Capability;
import dev.landlord.runtime.HostFacts;
import dev.landlord.runtime.LimitReading;
import dev.landlord.runtime.Limits;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxRuntime;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads and writes the limits of sandboxes and slices. Thread-safe. Failures are {@code SandboxException}. */
public final class LimitGroups {
    /** Longer than any tenant's name. */
    private static final OwnerId TRIAL = new OwnerId("sandbox-cpus-are-tried-before-anything-is-started");

    private final SandboxRuntime runtime;
    private final @Nullable String cpus;

    /** @param cpus kernel list of those that every slice is bound to, or null for all */
    public LimitGroups(SandboxRuntime runtime, @Nullable String cpus) {
        this.runtime = runtime;
        this.cpus = cpus;
    }

    /** Has this host bind a slice to the CPUs, so that it is known at the start whether it can. */
    public void tryCpus() {
        if (cpus == null) {
            return;
        }
        try {
            runtime.limitOwner(TRIAL, SpecMapper.boundTo(cpus));
        } finally {
            runtime.forgetOwner(TRIAL);
        }
    }

    public List<LimitReading> read(AllocationId allocation, int run, ResourceLimits wanted) {
        return runtime.readLimits(new SandboxName(allocation, run).id(), SpecMapper.leafLimits(wanted));
    }

    public List<LimitReading> readSlice(TenantName tenant, ResourceLimits wanted) {
        return runtime.readOwnerLimits(new OwnerId(tenant.value()), ofSlice(wanted));
    }

    public void write(AllocationId allocation, int run, ResourceLimits limits) {
        runtime.updateLimits(new SandboxName(allocation, run).id(), SpecMapper.leafLimits(limits));
    }

    /** Writes nothing if this host cannot enforce all of it. */
    public void writeSlice(TenantName tenant, ResourceLimits limits) {
        requireEnforced(limits);
        runtime.limitOwner(new OwnerId(tenant.value()), ofSlice(limits));
    }

    private Limits ofSlice(ResourceLimits limits) {
        return SpecMapper.ownerLimits(
                limits, limits.concernDisk() ? runtime.disk().orElse(null) : null, cpus);
    }

    /** The kernel takes a limit of writes also where it lets buffered ones past it, and weights that it does not heed. */
    private void requireEnforced(ResourceLimits limits) {
        Set<String> needs = new TreeSet<>();
        IoRates io = limits.io();
        if (io != null) {
            needs.addAll(io.needs());
        }
        if (limits.ioWeight() != null) {
            needs.add(Capability.IO_WEIGHT.wireName());
        }
        if (needs.isEmpty()) {
            return;
        }
        HostFacts facts = runtime.facts();
        for (String capability : needs) {
            if (!facts.capabilities().contains(capability)) {
                String reason = facts.missing().getOrDefault(capability, "this host cannot enforce it");
                throw new SandboxException(Kind.UNSUPPORTED, "set io", capability, reason);
            }
        }
    }
}
