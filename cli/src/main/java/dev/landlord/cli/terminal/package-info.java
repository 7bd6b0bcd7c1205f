/**
 * What surrounds a command: its streams, its environment variables, its home folder, the time. Commands take all of it from
 * here, so that a test can run them in one process. Results go to stdout, messages to stderr.
 */
@NullMarked
package dev.landlord.cli.terminal;

import org.jspecify.annotations.NullMarked;
