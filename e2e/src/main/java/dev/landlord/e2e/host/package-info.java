/**
 * What the end-to-end programs ask of the host they run on: commands, small C programs, a root file system, the kernel's
 * own counters, an inventory that tells what was left behind, and the sweep for when that is not nothing. It never starts a
 * sandbox. Whoever sweeps takes the inventory first, so that the sweep hides nothing.
 */
@NullMarked
package dev.landlord.e2e.host;

import org.jspecify.annotations.NullMarked;
