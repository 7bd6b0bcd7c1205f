/** Copies of real stores, and control planes that begin from them. */
@NullMarked
package dev.landlord.controlplane.backup;

import org.jspecify.annotations.NullMarked;
