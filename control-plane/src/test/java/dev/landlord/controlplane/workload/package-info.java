/** Proves that quotas hold whatever the order of changes. */
@NullMarked
package dev.landlord.controlplane.workload;

import org.jspecify.annotations.NullMarked;
