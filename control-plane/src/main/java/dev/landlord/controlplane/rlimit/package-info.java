/** Limits of getrlimit(2) as people write them. */
@NullMarked
package dev.landlord.controlplane.rlimit;

import org.jspecify.annotations.NullMarked;
