/** Proves on real files what the store promises: durable, isolated, counted, exclusive. */
@NullMarked
package dev.landlord.controlplane.store;

import org.jspecify.annotations.NullMarked;
