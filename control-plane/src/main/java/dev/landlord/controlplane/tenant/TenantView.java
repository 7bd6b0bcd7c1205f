package dev.landlord.controlplane.tenant;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.web.Wire;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tenant as it is shown.
 *
 * @param avoids tenants that it never shares a node with; only for the operator
 * @param token only in the answer that issues it
 * @param revision of its row; shown as the entity tag
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TenantView(
        String name,
        String plan,
        String state,
        @Nullable List<String> avoids,
        @Nullable String token,
        @JsonIgnore long revision) {
    /** Without what only the operator may know: whom it avoids. */
    static TenantView of(TenantRecord tenant) {
        return new TenantView(
                tenant.name().value(), tenant.plan().value(), Wire.of(tenant.state()), null, null, tenant.revision());
    }

    TenantView withAvoids(Collection<TenantName> avoided) {
        return new TenantView(
                name,
                plan,
                state,
                avoided.stream().map(TenantName::value).sorted().toList(),
                token,
                revision);
    }

    TenantView withToken(@Nullable String issued) {
        return new TenantView(name, plan, state, avoids, issued, revision);
    }

    @Override
    public String toString() {
        return "TenantView[" + name + "]";
    }
}
