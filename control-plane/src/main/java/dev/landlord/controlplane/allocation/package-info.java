/**
 * Which replica is on which node, what is wanted of it and what its node says of it. Owns the tables {@code allocation} and
 * {@code template}, the atomic commit of a plan, the taking in of observations, and each node's desired set. It never
 * decides where something runs. A plan that was made from an old snapshot is carried out only where what it was decided
 * upon still holds.
 *
 * <p>An allocation is wanted RUNNING, then STOPPED (its node stops it and keeps its record), then RELEASED (it has left the
 * node's desired set), and is deleted when its node says that nothing is left of it.
 */
@NullMarked
package dev.landlord.controlplane.allocation;

import org.jspecify.annotations.NullMarked;
