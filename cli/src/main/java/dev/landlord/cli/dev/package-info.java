/**
 * {@code landlord dev}: one control plane and one agent as child processes on this host. Owns their processes, their bounded
 * log files, their state folder when it is a temporary one, and one context of the configuration file while it runs. Leaves
 * nothing of these behind. Never reaches into the state of either program.
 */
@NullMarked
package dev.landlord.cli.dev;

import org.jspecify.annotations.NullMarked;
