/** Proves that the history is bounded and in order. */
@NullMarked
package dev.landlord.controlplane.event;

import org.jspecify.annotations.NullMarked;
