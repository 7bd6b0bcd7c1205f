/**
 * Starts the native helper and speaks with it: a plan goes down in sealed memory, short messages go both ways. Knows the
 * helper's protocol and the meaning of its errors, nothing of control groups or of what a plan contains.
 */
@NullMarked
package dev.landlord.runtime.launch;

import org.jspecify.annotations.NullMarked;
