package dev.landlord.api.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An RFC 9457 problem.
 *
 * @param code {@link ProblemCode#wire()}
 * @param errors one entry per field at fault, with a JSON pointer into the request body
 */
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        List<FieldError> errors,
        @Nullable String requestId) {
    public Problem {
        errors = List.copyOf(errors);
    }

    /** One field at fault and the rule that it broke. */
    public record FieldError(String pointer, String detail) {}
}
