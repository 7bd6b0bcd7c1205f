/** A short run of the real thing. */
@NullMarked
package dev.landlord.e2e.chaos;

import org.jspecify.annotations.NullMarked;
