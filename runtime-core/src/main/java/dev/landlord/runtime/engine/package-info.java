/**
 * The runtime itself: each operation is a table of contents over the rooms below it - plan, control groups, launch, state.
 * Owns the list of sandboxes and the thread that waits for their ends. The only face is the constructor of
 * {@code LinuxSandboxRuntime}.
 */
@NullMarked
package dev.landlord.runtime.engine;

import org.jspecify.annotations.NullMarked;
