/**
 * Sitting in front of a program that runs in an allocation: what is typed goes there, what it says comes here, and it ends as
 * the command ends. Knows the frames of the stream; never what they mean to the program.
 */
@NullMarked
package dev.landlord.cli.exec;

import org.jspecify.annotations.NullMarked;
