/**
 * What tenants asked to run. Decides whether a spec is valid and fits the plan, and versions it. Owns the table {@code
 * workload} and the {@code used_*} columns of {@code tenant}. It never decides where something runs and does not know
 * allocations: what became of a workload it asks of a {@link dev.landlord.controlplane.workload.StatusSource}.
 */
@NullMarked
package dev.landlord.controlplane.workload;

import org.jspecify.annotations.NullMarked;
