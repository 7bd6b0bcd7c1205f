/** Tests of the commands as a user sees them: scripted sessions. */
@NullMarked
package dev.landlord.cli.command;

import org.jspecify.annotations.NullMarked;
