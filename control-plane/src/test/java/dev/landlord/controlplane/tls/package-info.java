/** Proves that the authority makes certificates that clients believe, and keeps its keys. */
@NullMarked
package dev.landlord.controlplane.tls;

import org.jspecify.annotations.NullMarked;
