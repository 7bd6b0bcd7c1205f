package dev.landlord.controlplane.allocation;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.landlord.api.id.Id;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.workload.ProcessSpec;
import dev.landlord.api.workload.Resources;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/** One text per content: sorted JSON, so that equal values are equal text and have one digest. */
final class ContentJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Id.class, ToStringSerializer.instance))
            // What most do not have must not change the digest of what they have.
            .addMixIn(ProcessSpec.class, WithoutNulls.class)
            .addMixIn(Assignment.class, WithoutRareTerms.class)
            .addMixIn(Resources.class, WithoutNulls.class)
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private interface WithoutNulls {}

    interface WithoutRareTerms {
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Integer ioWeight();

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Integer cpuBurstPercent();
    }

    private ContentJson() {}

    static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    static <T> T read(String json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }

    /** Lower-case hex. */
    static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }
}
