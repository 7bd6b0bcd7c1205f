/** Proves that reads wait, for what they should, and not too many of them. */
@NullMarked
package dev.landlord.controlplane.watch;

import org.jspecify.annotations.NullMarked;
