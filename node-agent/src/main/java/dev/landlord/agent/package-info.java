/** Keeps one host equal to what it was told to run. This room only wires the others. */
@NullMarked
package dev.landlord.agent;

import org.jspecify.annotations.NullMarked;
