/**
 * Decides which replica runs where, which one stops and in which order, and says why something has no place.
 *
 * <p>Pure: a snapshot goes in, a plan comes out, the same plan for the same snapshot. It owns the rules of fit, spread,
 * rolling replacement and fairness. It must never read a clock, a file, a database or another room.
 *
 * <p>Words: an allocation is <em>live</em> while it is wanted running; it is <em>stopping</em> from then until its node
 * says that nothing is left of it (<em>gone</em>). Until it is gone it holds its room on the node and in the plan. A
 * replica is <em>missing</em> when no live allocation has its index, <em>old</em> when its allocation has another spec
 * version than the workload.
 */
@NullMarked
package dev.landlord.controlplane.scheduler;

import org.jspecify.annotations.NullMarked;
