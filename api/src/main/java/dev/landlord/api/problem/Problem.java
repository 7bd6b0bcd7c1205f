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

    /** Of nothing but the code and what is to be said beside it: type, title and status follow. */
    public static Problem of(ProblemCode code, String detail, List<FieldError> errors, @Nullable String requestId) {
        String words = code.wire().replace('-', ' ');
        String title = Character.toUpperCase(words.charAt(0)) + words.substring(1);
        return new Problem("about:blank", title, code.httpStatus(), detail, code.wire(), errors, requestId);
    }

    /** One field at fault and the rule that it broke. */
    public record FieldError(String pointer, String detail) {}
}
