/** The loop as a whole: what it does when a pass fails. */
@NullMarked
package dev.landlord.controlplane.reconcile;

import org.jspecify.annotations.NullMarked;
