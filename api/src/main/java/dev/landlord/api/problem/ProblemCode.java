package dev.landlord.api.problem;

import java.util.Locale;

/** Stable codes of everything that can go wrong in front of a user. The wire form is lower case with dashes. */
public enum ProblemCode {
    INVALID_FIELD(422),
    UNKNOWN_FIELD(400),
    UNSUPPORTED_FIELD(422),
    MALFORMED_BODY(400),
    BODY_TOO_LARGE(413),
    REQUEST_TIMEOUT(408),
    UNAUTHENTICATED(401),
    FORBIDDEN(403),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    CONFLICT(409),
    IN_USE(409),
    QUOTA_EXCEEDED(409),
    PRECONDITION_FAILED(412),
    TENANT_SUSPENDED(409),
    EXEC_REFUSED(409),
    STALE_GENERATION(409),
    NODE_ALREADY_JOINED(409),
    JOIN_TOKEN_INVALID(401),
    RATE_LIMITED(429),
    UNAVAILABLE(503),
    INTERNAL(500);

    private final int httpStatus;

    ProblemCode(int httpStatus) {
        this.httpStatus = httpStatus;
    }

    public int httpStatus() {
        return httpStatus;
    }

    /** For example {@code quota-exceeded}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
