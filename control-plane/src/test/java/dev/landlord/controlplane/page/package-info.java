/** Proves that lists come whole, in parts, whatever happens meanwhile. */
@NullMarked
package dev.landlord.controlplane.page;

import org.jspecify.annotations.NullMarked;
