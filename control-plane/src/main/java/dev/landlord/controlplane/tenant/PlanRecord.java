package dev.landlord.controlplane.tenant;

import dev.landlord.api.id.PlanName;
import dev.landlord.api.plan.PlanSpec;

/** A plan by its name. */
public record PlanRecord(PlanName name, PlanSpec spec) {}
