/** Scenarios as text files, and properties over seeded random clusters. */
@NullMarked
package dev.landlord.controlplane.scheduler;

import org.jspecify.annotations.NullMarked;
