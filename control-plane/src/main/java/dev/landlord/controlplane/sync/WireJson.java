package dev.landlord.controlplane.sync;

import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.web.ProblemException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads what agents send. Unknown fields are ignored: an agent may be one version ahead. */
final class WireJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private WireJson() {}

    /** JSON may leave out or null what the contract says is there. */
    static void require(@Nullable Object value, String pointer) {
        if (value == null) {
            throw ProblemException.invalidField(pointer, "is required");
        }
    }

    static <T> T read(byte[] body, Class<T> type) {
        try {
            T value = MAPPER.readValue(body, type);
            if (value == null) {
                throw new ProblemException(ProblemCode.MALFORMED_BODY, "the body must be a JSON object");
            }
            return value;
        } catch (JacksonException malformed) {
            throw new ProblemException(
                    ProblemCode.MALFORMED_BODY,
                    "the body is not a " + type.getSimpleName() + ": " + malformed.getOriginalMessage());
        }
    }
}
