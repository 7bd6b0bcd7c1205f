/**
 * The right of this host to run what must not run twice: decides what a grant of the control plane is worth. Owns no file; the
 * runtime keeps the deadline where supervisors see it.
 */
@NullMarked
package dev.landlord.agent.lease;

import org.jspecify.annotations.NullMarked;
