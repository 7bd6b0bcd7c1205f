/** Accepts work, decides where it runs, tells the agents. This room only wires the others. */
@NullMarked
package dev.landlord.controlplane;

import org.jspecify.annotations.NullMarked;
