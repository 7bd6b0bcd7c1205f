/**
 * Who the customers are and what they bought: plans, tenants, their state and their tokens. Decides whether a plan or a
 * change of plan still fits what is in use. Owns the tables {@code plan} and {@code tenant}, but for the {@code used_*}
 * columns, which admission of workloads counts.
 */
@NullMarked
package dev.landlord.controlplane.tenant;

import org.jspecify.annotations.NullMarked;
