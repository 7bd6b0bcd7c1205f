/** Proves that changes and refusals are told, and that no secret is. */
@NullMarked
package dev.landlord.controlplane.audit;

import org.jspecify.annotations.NullMarked;
