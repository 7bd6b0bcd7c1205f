/** Label selectors: which of a list a caller wants to see, by the labels that were given to them. */
@NullMarked
package dev.landlord.controlplane.label;

import org.jspecify.annotations.NullMarked;
