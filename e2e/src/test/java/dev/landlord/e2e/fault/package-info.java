/** The same seed gives the same faults. */
@NullMarked
package dev.landlord.e2e.fault;

import org.jspecify.annotations.NullMarked;
