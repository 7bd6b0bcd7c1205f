/** Limits of getrlimit(2): what there is, and how much of it. */
@NullMarked
package dev.landlord.api.rlimit;

import org.jspecify.annotations.NullMarked;
