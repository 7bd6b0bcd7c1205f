/**
 * Tenants, addresses and ports as the runtime's network needs them. Decides which mark a tenant has on this host and what of
 * the cluster concerns it (pure), and finds out how the host itself is connected. The runtime does the work.
 */
@NullMarked
package dev.landlord.agent.network;

import org.jspecify.annotations.NullMarked;
