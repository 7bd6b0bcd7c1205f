/** Proves that nothing in a query is passed over. */
@NullMarked
package dev.landlord.controlplane.query;

import org.jspecify.annotations.NullMarked;
