/**
 * Output of sandboxes on its way up: dials back for each stream that the control plane asks for, and sends what a program
 * wrote. Owns the bound on streams at one time. Reads only what the runtime captured; never talks to a program.
 */
@NullMarked
package dev.landlord.agent.stream;

import org.jspecify.annotations.NullMarked;
