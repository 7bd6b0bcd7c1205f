/** Proves that what is asked for once is done once. */
@NullMarked
package dev.landlord.controlplane.idempotency;

import org.jspecify.annotations.NullMarked;
