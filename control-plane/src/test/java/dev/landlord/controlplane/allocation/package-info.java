/** Commits of plans on a real store, and what is news of a report. */
@NullMarked
package dev.landlord.controlplane.allocation;

import org.jspecify.annotations.NullMarked;
