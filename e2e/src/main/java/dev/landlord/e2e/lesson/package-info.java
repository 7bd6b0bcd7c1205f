/**
 * The lesson in three acts on bare sandboxes: what a changed root hides and what it does not, what namespaces hide, what
 * only control groups limit. Calls the runtime as a library; needs no agent and no control plane.
 */
@NullMarked
package dev.landlord.e2e.lesson;

import org.jspecify.annotations.NullMarked;
