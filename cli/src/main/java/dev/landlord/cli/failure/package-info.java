/**
 * How a command ends: the documented exit codes, and the one exception that carries a code and the lines for a person.
 * Whoever throws it has said everything; nobody adds to it on the way up.
 */
@NullMarked
package dev.landlord.cli.failure;

import org.jspecify.annotations.NullMarked;
