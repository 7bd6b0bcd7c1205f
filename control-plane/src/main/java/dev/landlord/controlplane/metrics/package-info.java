/**
 * Every meter of the control plane by name, unit and labels, in one file. Computed from the state that the last pass saw, so
 * that a scrape costs no database read and what has vanished from the cluster vanishes from the scrape. Labels are names of
 * tenants, workloads, allocations and nodes only. Nothing is ever decided here.
 */
@NullMarked
package dev.landlord.controlplane.metrics;

import org.jspecify.annotations.NullMarked;
