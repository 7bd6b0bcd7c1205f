/**
 * Programs that were run in a sandbox after its own: their streams, their end, and the helpers that watch them. Starts what
 * was planned, and owns every descriptor of it until the session is closed. Knows nothing of control groups.
 */
@NullMarked
package dev.landlord.runtime.exec;

import org.jspecify.annotations.NullMarked;
