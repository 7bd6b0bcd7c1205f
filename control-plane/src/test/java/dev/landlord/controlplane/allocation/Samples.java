package dev.landlord.controlplane.allocation;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.ImageName;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.api.rlimit.Rlimit;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.api.sync.ObservedPhase;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.api.workload.OnDisconnect;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.RestartPolicy;
import dev.landlord.api.workload.WorkloadKind;
import dev.landlord.api.workload.WorkloadSpec;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.Wanted;
import dev.landlord.controlplane.scheduler.WorkloadKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values that several tests need. */
public final class Samples {
    public static final NodeName NODE = new NodeName("n1");
    public static final WorkloadKey SHOP = new WorkloadKey(new TenantName("alice"), new WorkloadName("shop"));
    public static final Resources RESOURCES = new Resources(500, 64 * Resources.MIB, 64, Resources.MIB, 1000);

    private Samples() {}

    public static WorkloadSpec spec(int replicas, String... command) {
        ProcessSpec process =
                new ProcessSpec(new ImageName("busybox"), List.of(command), Map.of("A", "b"), "0", "/", true);
        return new WorkloadSpec(
                WorkloadKind.SERVICE, process, replicas, RESOURCES, RestartPolicy.DEFAULT, NetworkSpec.NONE, null);
    }

    /** The same, of which there must not be two. */
    public static WorkloadSpec alone(WorkloadSpec spec) {
        return program(spec, OnDisconnect.STOP, null);
    }

    /** The same with rlimits of its own. */
    public static WorkloadSpec limited(WorkloadSpec spec, Map<Rlimit.Resource, Rlimit> rlimits) {
        return program(spec, null, rlimits);
    }

    private static WorkloadSpec program(
            WorkloadSpec spec, @Nullable OnDisconnect onDisconnect, @Nullable Map<Rlimit.Resource, Rlimit> rlimits) {
        ProcessSpec plain = spec.process();
        ProcessSpec process = new ProcessSpec(
                plain.image(),
                plain.command(),
                plain.env(),
                plain.user(),
                plain.workdir(),
                plain.init(),
                null,
                onDisconnect,
                rlimits);
        return new WorkloadSpec(
                spec.kind(), process, spec.replicas(), spec.resources(), spec.restart(), spec.network(), spec.health());
    }

    /** The same with other limits. */
    public static WorkloadSpec sized(WorkloadSpec spec, Resources resources) {
        return new WorkloadSpec(
                spec.kind(), spec.process(), spec.replicas(), resources, spec.restart(), spec.network(), spec.health());
    }

    /** An allocation of {@link #SHOP} on {@link #NODE} that its set has named since generation 5. */
    public static Allocation allocation(
            String id, Wanted wanted, @Nullable ObservedAllocation observed, @Nullable Long toldGeneration) {
        return allocation(id, spec(1, "true"), wanted, observed, toldGeneration);
    }

    /** The same, of a workload of one's own. */
    public static Allocation allocation(
            String id,
            WorkloadSpec spec,
            Wanted wanted,
            @Nullable ObservedAllocation observed,
            @Nullable Long toldGeneration) {
        return new Allocation(
                new AllocationId(id),
                SHOP,
                0,
                NODE,
                Template.of(spec),
                "digest",
                1,
                0,
                null,
                wanted,
                toldGeneration,
                null,
                List.of(),
                false,
                0,
                observed,
                null,
                false);
    }

    public static ObservedAllocation observed(String id, ObservedPhase phase) {
        return new ObservedAllocation(new AllocationId(id), phase, 1000, 0, null, false, null, null, null, null);
    }
}
