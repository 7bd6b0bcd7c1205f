/** Proves that plans and tenants change only in ways that fit what is in use. */
@NullMarked
package dev.landlord.controlplane.tenant;

import org.jspecify.annotations.NullMarked;
