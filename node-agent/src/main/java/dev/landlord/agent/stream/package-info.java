/**
 * Streams on their way up: dials back for each that the control plane asks for, and sends what a program wrote, or lets
 * somebody sit in front of one. Owns the bounds on streams at one time. Who may ask for which was decided before.
 */
@NullMarked
package dev.landlord.agent.stream;

import org.jspecify.annotations.NullMarked;
