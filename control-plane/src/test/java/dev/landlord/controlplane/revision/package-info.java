/** Tests of the numbers of states and of conditional requests. */
@NullMarked
package dev.landlord.controlplane.revision;

import org.jspecify.annotations.NullMarked;
