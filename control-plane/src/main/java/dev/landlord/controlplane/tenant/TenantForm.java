package dev.landlord.controlplane.tenant;

import dev.landlord.api.id.PlanName;
import dev.landlord.controlplane.web.ProblemException;
import dev.landlord.controlplane.web.StrictJson;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A tenant as people write it. */
record TenantForm(@Nullable String plan) {
    static PlanName read(byte @Nullable [] body) {
        String plan = StrictJson.read(body, TenantForm.class, Set.of()).plan();
        if (plan == null) {
            throw ProblemException.invalidField("/plan", "is required");
        }
        try {
            return new PlanName(plan);
        } catch (IllegalArgumentException badName) {
            throw ProblemException.invalidField("/plan", String.valueOf(badName.getMessage()));
        }
    }
}
