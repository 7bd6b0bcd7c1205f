package dev.landlord.controlplane.idempotency;

import dev.landlord.api.problem.ProblemCode;
import dev.landlord.controlplane.web.ProblemException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of keys. Every method works within the caller's read or write. */
final class Keys {
    static final Duration KEPT_FOR = Duration.ofHours(24);

    /** Of one token; the oldest go. */
    static final int KEPT_PER_TOKEN = 1000;

    private final InstantSource clock;

    Keys(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * What is known under a key.
     *
     * @param status of the answer; 0 if it is not known
     * @param body null if it is not kept
     */
    record Known(String requestSha256, int status, @Nullable String body) {}

    Optional<Known> find(JdbcClient reader, KeyedRequest request) {
        return reader.sql("SELECT request_sha256, status, body FROM idempotency"
                        + " WHERE scope = ? AND key_sha256 = ? AND at > ?")
                .params(request.scope(), request.keySha256(), clock.millis() - KEPT_FOR.toMillis())
                .query((row, number) -> new Known(row.getString(1), row.getInt(2), row.getString(3)))
                .optional();
    }

    /** With the change; throws conflict if another request with the key was faster, so that nothing is done twice. */
    void begin(JdbcClient writer, KeyedRequest request) {
        trim(writer, request.scope());
        int stored = writer.sql("INSERT INTO idempotency (scope, key_sha256, request_sha256, at) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (scope, key_sha256) DO NOTHING")
                .params(request.scope(), request.keySha256(), request.requestSha256(), clock.millis())
                .update();
        if (stored == 0) {
            throw new ProblemException(
                    ProblemCode.CONFLICT, "a request with this Idempotency-Key is under way; ask again for its answer");
        }
        request.store();
    }

    /** Adds the answer. What another request has stored under the key stays. */
    void end(JdbcClient writer, KeyedRequest request, int status, @Nullable String body) {
        trim(writer, request.scope());
        writer.sql("INSERT INTO idempotency (scope, key_sha256, request_sha256, at, status, body)"
                        + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (scope, key_sha256) DO UPDATE"
                        + " SET status = excluded.status, body = excluded.body WHERE idempotency.status IS NULL")
                .param(request.scope())
                .param(request.keySha256())
                .param(request.requestSha256())
                .param(clock.millis())
                .param(status)
                .param(body)
                .update();
    }

    /** What was asked for did not come about after all, so it may be asked for again. */
    void forget(JdbcClient writer, KeyedRequest request) {
        writer.sql("DELETE FROM idempotency WHERE scope = ? AND key_sha256 = ? AND status IS NULL")
                .params(request.scope(), request.keySha256())
                .update();
    }

    private void trim(JdbcClient writer, String scope) {
        writer.sql("DELETE FROM idempotency WHERE at <= ?")
                .param(clock.millis() - KEPT_FOR.toMillis())
                .update();
        writer.sql("DELETE FROM idempotency WHERE scope = ? AND at <= (SELECT at FROM idempotency WHERE scope = ?"
                        + " ORDER BY at DESC LIMIT 1 OFFSET " + KEPT_PER_TOKEN + ")")
                .params(scope, scope)
                .update();
    }
}
