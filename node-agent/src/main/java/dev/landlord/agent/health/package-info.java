/**
 * Finds out whether running replicas do their work. Decides when one counts as healthy (pure), and knocks at their ports from
 * this host. Nothing that a replica answers is kept, and none can hold a check up beyond its timeout.
 */
@NullMarked
package dev.landlord.agent.health;

import org.jspecify.annotations.NullMarked;
