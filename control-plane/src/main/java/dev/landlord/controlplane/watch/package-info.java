/**
 * Reads that wait until something has changed ({@code ?index=&wait=}), and streams of what changes ({@code ?watch=true}). Owns the
 * bounds of how many may wait.
 */
@NullMarked
package dev.landlord.controlplane.watch;

import org.jspecify.annotations.NullMarked;
