package dev.landlord.controlplane.tenant;

import dev.landlord.api.id.PlanName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.plan.TenantState;

/**
 * One customer.
 *
 * @param revision of its row; grows also when it avoids others than before
 */
public record TenantRecord(TenantName name, PlanName plan, TenantState state, long revision) {}
