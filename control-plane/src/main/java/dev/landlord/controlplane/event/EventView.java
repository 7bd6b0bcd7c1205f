package dev.landlord.controlplane.event;

import org.jspecify.annotations.Nullable;

/**
 * An event as it is shown.
 *
 * @param id grows in the order of commits; the cursor of lists
 * @param at epoch milliseconds
 */
public record EventView(
        long id,
        long at,
        String kind,
        @Nullable String tenant,
        @Nullable String workload,
        @Nullable String allocation,
        @Nullable String node,
        String message) {}
