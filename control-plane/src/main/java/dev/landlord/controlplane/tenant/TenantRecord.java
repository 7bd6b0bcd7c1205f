package dev.landlord.controlplane.tenant;

import dev.landlord.api.id.PlanName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.plan.TenantState;

/** One customer. */
public record TenantRecord(TenantName name, PlanName plan, TenantState state) {}
