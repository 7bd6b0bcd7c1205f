/** Proves what selectors mean, and that lists keep to them. */
@NullMarked
package dev.landlord.controlplane.label;

import org.jspecify.annotations.NullMarked;
