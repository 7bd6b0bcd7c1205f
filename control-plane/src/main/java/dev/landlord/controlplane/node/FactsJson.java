package dev.landlord.controlplane.node;

import dev.landlord.api.id.Id;
import dev.landlord.api.node.NodeFacts;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/** The form in which facts are stored: sorted, so that equal facts are equal text. */
final class FactsJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Id.class, ToStringSerializer.instance))
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private FactsJson() {}

    static String write(NodeFacts facts) {
        return MAPPER.writeValueAsString(facts);
    }

    static NodeFacts read(String json) {
        return MAPPER.readValue(json, NodeFacts.class);
    }
}
