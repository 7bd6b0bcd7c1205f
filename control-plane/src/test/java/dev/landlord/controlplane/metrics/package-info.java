/** Pins every meter's name and labels. */
@NullMarked
package dev.landlord.controlplane.metrics;

import org.jspecify.annotations.NullMarked;
