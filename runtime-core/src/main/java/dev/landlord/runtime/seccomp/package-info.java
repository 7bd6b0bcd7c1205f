/**
 * Decides which system calls a tenant's program may make. The decision is the resource {@code system-calls.policy}, which
 * gives its reasons; this room reads it and has it compiled to the program that the kernel runs. Holds no state, loads no
 * filter (the helper does, as its last step), and has one policy for all tenants: there is no way to ask for less.
 */
@NullMarked
package dev.landlord.runtime.seccomp;

import org.jspecify.annotations.NullMarked;
