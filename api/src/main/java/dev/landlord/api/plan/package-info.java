/** What was sold: plans, and the tenants that hold them. */
@NullMarked
package dev.landlord.api.plan;

import org.jspecify.annotations.NullMarked;
