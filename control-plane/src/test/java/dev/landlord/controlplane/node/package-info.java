/** Silence, identity and tokens of nodes. */
@NullMarked
package dev.landlord.controlplane.node;

import org.jspecify.annotations.NullMarked;
