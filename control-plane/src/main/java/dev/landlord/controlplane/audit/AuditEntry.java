package dev.landlord.controlplane.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonRawValue;
import org.jspecify.annotations.Nullable;

/**
 * One line of the export.
 *
 * @param id grows in the order of commits
 * @param at epoch milliseconds
 * @param tenant whose history it is part of
 * @param outcome {@code accepted}, or the code of the problem that was answered
 * @param before JSON of what was there, without secrets; absent if there was nothing, or it is not told
 * @param after JSON of what is there now, likewise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"id", "at", "tenant", "actor", "requestId", "method", "resource", "outcome", "detail"})
record AuditEntry(
        long id,
        long at,
        @Nullable String tenant,
        Actor actor,
        String requestId,
        String method,
        String resource,
        String outcome,
        @Nullable String detail,
        @JsonRawValue @Nullable String before,
        @JsonRawValue @Nullable String after) {
    static final String ACCEPTED = "accepted";

    /**
     * Who it was.
     *
     * @param name of the tenant; absent for the others
     * @param token its public id, never the token
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Actor(String kind, @Nullable String name, String token) {}

    boolean isAccepted() {
        return outcome.equals(ACCEPTED);
    }
}
