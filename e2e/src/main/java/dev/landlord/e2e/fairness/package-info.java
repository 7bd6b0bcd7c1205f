/** The benchmark of fairness: what one tenant's deployments take while another submits as much as it can. */
@NullMarked
package dev.landlord.e2e.fairness;

import org.jspecify.annotations.NullMarked;
