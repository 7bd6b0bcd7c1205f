package dev.landlord.controlplane.tenant;

import dev.landlord.api.id.PlanName;
import dev.landlord.api.plan.PlanSpec;

/**
 * A plan by its name.
 *
 * @param revision of its row
 */
public record PlanRecord(PlanName name, PlanSpec spec, long revision) {}
