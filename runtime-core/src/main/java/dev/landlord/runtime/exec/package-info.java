/**
 * Sitting in front of programs: of those that were run in a sandbox after its own, their streams, their end, and the helpers
 * that watch them; of its own, what its supervisor keeps open. Owns every descriptor of a session until that is closed. Knows
 * nothing of control groups.
 */
@NullMarked
package dev.landlord.runtime.exec;

import org.jspecify.annotations.NullMarked;
