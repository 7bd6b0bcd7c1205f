/**
 * Decides how a sandbox is built: a {@code SandboxSpec} becomes a list of typed steps in the order that the kernel
 * demands. Pure: touches no file, clock or system call. The steps are carried out by the native helper, which obeys and
 * never decides.
 */
@NullMarked
package dev.landlord.runtime.plan;

import org.jspecify.annotations.NullMarked;
