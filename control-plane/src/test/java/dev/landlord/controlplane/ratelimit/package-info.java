/** Proves that limits hold, that they end, and for whom. */
@NullMarked
package dev.landlord.controlplane.ratelimit;

import org.jspecify.annotations.NullMarked;
