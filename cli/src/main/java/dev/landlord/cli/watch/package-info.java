/** Follows a list or a history as it changes: {@code --watch}. */
@NullMarked
package dev.landlord.cli.watch;

import org.jspecify.annotations.NullMarked;
