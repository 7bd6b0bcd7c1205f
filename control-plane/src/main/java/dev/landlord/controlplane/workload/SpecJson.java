package dev.landlord.controlplane.workload;

import dev.landlord.api.id.Id;
import dev.landlord.api.workload.HealthCheck;
import dev.landlord.api.workload.NetworkSpec;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import dev.landlord.api.workload.RestartPolicy;
import dev.landlord.api.workload.WorkloadKind;
import dev.landlord.api.workload.WorkloadSpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/** The form in which specs are stored: the JSON of the record, sorted, so that equal specs are equal text. */
final class SpecJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Id.class, ToStringSerializer.instance))
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private SpecJson() {}

    static String write(WorkloadSpec spec) {
        return MAPPER.writeValueAsString(spec);
    }

    static WorkloadSpec read(String json) {
        return MAPPER.readValue(json, Stored.class).spec();
    }

    /** As it may be in the store: what was written by an earlier version lacks what that did not know. */
    private record Stored(
            WorkloadKind kind,
            ProcessSpec process,
            int replicas,
            Resources resources,
            RestartPolicy restart,
            @Nullable NetworkSpec network,
            @Nullable HealthCheck health,
            @Nullable Map<String, String> labels) {
        WorkloadSpec spec() {
            return new WorkloadSpec(
                    kind,
                    process,
                    replicas,
                    resources,
                    restart,
                    network == null ? NetworkSpec.NONE : network,
                    health,
                    labels == null ? Map.of() : labels);
        }
    }
}
