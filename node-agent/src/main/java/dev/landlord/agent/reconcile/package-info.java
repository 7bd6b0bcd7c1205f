/**
 * The loop that keeps this host equal to what it was told to run: observe, take in what was desired, diff, remember, apply,
 * publish. It takes no hints about what changed, runs on a period and when nudged, and does a bounded amount per pass.
 * Owns the agent's memory while it runs; whatever it decides to do is in the ledger before it is begun.
 */
@NullMarked
package dev.landlord.agent.reconcile;

import org.jspecify.annotations.NullMarked;
