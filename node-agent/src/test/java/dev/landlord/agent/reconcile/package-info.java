/** Tests of the loop on a simulated host: single passes with a clock of their own, and whole loops. */
@NullMarked
package dev.landlord.agent.reconcile;

import org.jspecify.annotations.NullMarked;
