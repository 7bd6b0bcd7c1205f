/**
 * The loop that makes the cluster what was asked for: read, schedule, commit, publish. It takes no hint about what changed;
 * it reads everything again, is idempotent, bounded per pass, runs when a commit nudges it and after a while anyway. A pass
 * that fails is counted, logged once, and tried again. The one thread of this room is the only publisher of desired sets.
 */
@NullMarked
package dev.landlord.controlplane.reconcile;

import org.jspecify.annotations.NullMarked;
