/** Measures what programs cost their host that write as much, or as often, as they can. */
@NullMarked
package dev.landlord.e2e.output;

import org.jspecify.annotations.NullMarked;
