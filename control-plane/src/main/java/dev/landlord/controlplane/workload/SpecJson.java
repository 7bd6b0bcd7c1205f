package dev.landlord.controlplane.workload;

import dev.landlord.api.id.Id;
import dev.landlord.api.workload.WorkloadSpec;
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
        return MAPPER.readValue(json, WorkloadSpec.class);
    }
}
