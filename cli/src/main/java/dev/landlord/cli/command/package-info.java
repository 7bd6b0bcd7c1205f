/**
 * The commands: each parses its arguments, calls the API and prints. What they share is in the room {@code session}. No
 * command decides anything that the server decides.
 */
@NullMarked
package dev.landlord.cli.command;

import org.jspecify.annotations.NullMarked;
