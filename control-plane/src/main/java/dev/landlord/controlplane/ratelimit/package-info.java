/**
 * How many requests a second one may make: each token, each tenant, and each address that shows wrong tokens. Counts in memory, for
 * this replica alone, with a bounded number of buckets.
 */
@NullMarked
package dev.landlord.controlplane.ratelimit;

import org.jspecify.annotations.NullMarked;
