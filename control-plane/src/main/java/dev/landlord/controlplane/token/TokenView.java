package dev.landlord.controlplane.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.landlord.controlplane.credential.Holder;
import dev.landlord.controlplane.credential.TokenRecord;
import dev.landlord.controlplane.web.Wire;
import org.jspecify.annotations.Nullable;

/**
 * A token as it is shown.
 *
 * @param createdAt epoch milliseconds
 * @param expiresAt epoch milliseconds; null: never
 * @param token only in the answer that issues it
 */
record TokenView(
        String id,
        String name,
        String scope,
        long createdAt,
        @Nullable Long expiresAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String token) {
    static TokenView of(TokenRecord record) {
        Long expiresAt = record.expiresAt() == Holder.NEVER ? null : (Long) record.expiresAt();
        return new TokenView(record.id(), record.name(), Wire.of(record.scope()), record.createdAt(), expiresAt, null);
    }

    TokenView withToken(String issued) {
        return new TokenView(id, name, scope, createdAt, expiresAt, issued);
    }

    @Override
    public String toString() {
        return "TokenView[" + id + "]";
    }
}
