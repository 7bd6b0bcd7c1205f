/** Waiting, waking, streaming; and agents at the wire. */
@NullMarked
package dev.landlord.controlplane.sync;

import org.jspecify.annotations.NullMarked;
