/**
 * Turns decisions into sandboxes: maps assignments to the runtime's specifications, carries actions out, and says what is
 * on the host in the words of the diff. Owns the names of sandboxes and the choice of id blocks. Decides nothing about
 * what should run, and passes no path or option from a tenant to the runtime.
 */
@NullMarked
package dev.landlord.agent.sandbox;

import org.jspecify.annotations.NullMarked;
