package dev.landlord.api.workload;

import dev.landlord.api.label.LabelSyntax;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant asked to run. Optional fields of the REST form are filled with defaults before this record is made.
 *
 * @param replicas 0 to 10,000
 * @param health null: a replica that runs is a healthy one
 * @param labels by which its owner finds it again; at most 32, sorted. Replicas know nothing of them
 */
public record WorkloadSpec(
        WorkloadKind kind,
        ProcessSpec process,
        int replicas,
        Resources resources,
        RestartPolicy restart,
        NetworkSpec network,
        @Nullable HealthCheck health,
        Map<String, String> labels) {
    private static final int LABELS_MAX = 32;

    public WorkloadSpec {
        Check.range("replicas", replicas, 0, 10_000);
        if (health != null && network.mode() == NetworkSpec.Mode.NONE) {
            throw new InvalidField("health", "must be absent when network is none");
        }
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        Check.size("labels", labels.keySet(), LABELS_MAX);
        labels.forEach(WorkloadSpec::checkLabel);
    }

    /** Of a workload without labels. */
    public WorkloadSpec(
            WorkloadKind kind,
            ProcessSpec process,
            int replicas,
            Resources resources,
            RestartPolicy restart,
            NetworkSpec network,
            @Nullable HealthCheck health) {
        this(kind, process, replicas, resources, restart, network, health, Map.of());
    }

    private static void checkLabel(String key, String value) {
        if (!LabelSyntax.isKey(key)) {
            throw new InvalidField("labels", LabelSyntax.keyRule());
        }
        if (!LabelSyntax.isValue(value)) {
            throw new InvalidField("labels." + key, LabelSyntax.valueRule());
        }
    }
}
