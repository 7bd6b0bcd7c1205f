/** That the inventory finds what is left behind, and the sweep takes it away. */
@NullMarked
package dev.landlord.e2e.host;

import org.jspecify.annotations.NullMarked;
