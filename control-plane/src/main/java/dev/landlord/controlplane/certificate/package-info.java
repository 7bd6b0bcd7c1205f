/**
 * The certificates by which nodes are known: who gets one, for how long, and the end of what was opened with one that is
 * worth nothing any more. It must never take anything but the key from what a node asks for.
 */
@NullMarked
package dev.landlord.controlplane.certificate;

import org.jspecify.annotations.NullMarked;
