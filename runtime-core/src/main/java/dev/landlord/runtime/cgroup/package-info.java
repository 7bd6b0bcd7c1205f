/**
 * Control groups: makes, limits, freezes, kills, reads and removes the groups of sandboxes and of their owners' slices,
 * on version 2, version 1 and the hybrid of both. What to write is decided by pure functions ({@code V1Writes},
 * {@code V2Writes}) and carried out by one small executor that reads every value back. Owns everything below the
 * configured root and nothing beside it; never moves a process (whoever starts one joins it) and never degrades
 * silently: a limit is enforced or refused by name.
 */
@NullMarked
package dev.landlord.runtime.cgroup;

import org.jspecify.annotations.NullMarked;
