/** Tests of the life of {@code landlord dev}: real child processes, with shell scripts in place of the two programs. */
@NullMarked
package dev.landlord.cli.dev;

import org.jspecify.annotations.NullMarked;
