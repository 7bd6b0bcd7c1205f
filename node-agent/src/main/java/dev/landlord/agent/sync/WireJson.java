package dev.landlord.agent.sync;

import dev.landlord.api.id.Id;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/** The wire form of the contract: ids are strings, and what a newer control plane adds is ignored. */
public final class WireJson {
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Id.class, ToStringSerializer.instance))
            .build();

    private WireJson() {}
}
