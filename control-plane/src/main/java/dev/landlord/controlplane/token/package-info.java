/**
 * Tokens of operators and tenants over the API: making ones that may only look or that expire, listing, revoking. A token itself is
 * in one answer and nowhere else; {@code credential} decides what each is worth.
 */
@NullMarked
package dev.landlord.controlplane.token;

import org.jspecify.annotations.NullMarked;
