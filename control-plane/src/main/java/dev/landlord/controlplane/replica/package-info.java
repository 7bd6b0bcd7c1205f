/**
 * Which replicas of the control plane there are, and which of them leads. Owns the tables {@code leader} and {@code replica}.
 * Decides by pure arithmetic whose turn it is; a term is checked inside each write that is made by right of it, so that who
 * was deposed can write nothing more, however long it stood still.
 */
@NullMarked
package dev.landlord.controlplane.replica;

import org.jspecify.annotations.NullMarked;
