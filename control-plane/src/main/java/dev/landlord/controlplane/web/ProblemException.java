package dev.landlord.controlplane.web;

import dev.landlord.api.problem.Problem.FieldError;
import dev.landlord.api.problem.ProblemCode;
import java.util.List;

/** An answer to the caller that is not what the caller hoped for. Becomes a problem document in one place. */
public final class ProblemException extends RuntimeException {
    private final ProblemCode code;
    private final List<FieldError> errors;
    private final long retryAfterSeconds;

    public ProblemException(ProblemCode code, String detail) {
        this(code, detail, List.of());
    }

    /** The detail is one sentence for a person that names the object and the rule; it must hold no secret. */
    public ProblemException(ProblemCode code, String detail, List<FieldError> errors) {
        this(code, detail, errors, 1);
    }

    private ProblemException(ProblemCode code, String detail, List<FieldError> errors, long retryAfterSeconds) {
        // No stack trace: these are answers, not faults, and a tenant can cause as many as it likes.
        super(detail, null, false, false);
        this.code = code;
        this.errors = List.copyOf(errors);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** @param retryAfterSeconds 1 or more */
    public static ProblemException rateLimited(String detail, long retryAfterSeconds) {
        return new ProblemException(ProblemCode.RATE_LIMITED, detail, List.of(), retryAfterSeconds);
    }

    public static ProblemException notFound(String kind, String name) {
        return new ProblemException(ProblemCode.NOT_FOUND, kind + " " + name + " does not exist");
    }

    public static ProblemException invalidField(String pointer, String rule) {
        String field = pointer.startsWith("/") ? pointer.substring(1).replace('/', '.') : pointer;
        return new ProblemException(
                ProblemCode.INVALID_FIELD, field + ": " + rule, List.of(new FieldError(pointer, rule)));
    }

    /** When to try again, where that makes sense; 1 or more. */
    long retryAfterSeconds() {
        return retryAfterSeconds;
    }

    public ProblemCode code() {
        return code;
    }

    public List<FieldError> errors() {
        return errors;
    }
}
