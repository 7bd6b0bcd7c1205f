/**
 * Requests that may be sent again: what was done under an {@code Idempotency-Key} is not done once more, and the answer is the
 * same. The key is stored in the transaction of the change. Owns the table {@code idempotency} and its retention.
 */
@NullMarked
package dev.landlord.controlplane.idempotency;

import org.jspecify.annotations.NullMarked;
