/** Starts the real control plane on free ports and talks to it over TLS, as its users do. */
@NullMarked
package dev.landlord.controlplane;

import org.jspecify.annotations.NullMarked;
