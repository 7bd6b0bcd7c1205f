package dev.landlord.controlplane.tenant;

import dev.landlord.api.id.PlanName;

/** A plan as it is shown: in the form in which it can be put again. */
record PlanView(PlanName name, PlanForm spec) {
    static PlanView of(PlanRecord plan) {
        return new PlanView(plan.name(), PlanForm.of(plan.spec()));
    }
}
