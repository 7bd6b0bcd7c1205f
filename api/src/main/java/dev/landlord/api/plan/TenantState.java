package dev.landlord.api.plan;

/** A suspended tenant's sandboxes are frozen; they keep their place and data. */
public enum TenantState {
    ACTIVE,
    SUSPENDED
}
