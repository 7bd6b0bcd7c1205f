/** Measures the scheduler of the control plane alone, on clusters that exist in memory only. */
@NullMarked
package dev.landlord.e2e.scheduling;

import org.jspecify.annotations.NullMarked;
