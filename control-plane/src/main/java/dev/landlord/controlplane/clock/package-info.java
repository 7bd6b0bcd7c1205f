/**
 * Time that goes on by itself, for what must not be decided by who sets the time of day. Decides nothing, owns nothing.
 */
@NullMarked
package dev.landlord.controlplane.clock;

import org.jspecify.annotations.NullMarked;
