package dev.landlord.controlplane.tenant;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.landlord.controlplane.web.Wire;
import org.jspecify.annotations.Nullable;

/**
 * A tenant as it is shown.
 *
 * @param token only in the answer that issues it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TenantView(
        String name, String plan, String state, @Nullable String token) {
    static TenantView of(TenantRecord tenant) {
        return of(tenant, null);
    }

    static TenantView of(TenantRecord tenant, @Nullable String token) {
        return new TenantView(tenant.name().value(), tenant.plan().value(), Wire.of(tenant.state()), token);
    }

    @Override
    public String toString() {
        return "TenantView[" + name + "]";
    }
}
