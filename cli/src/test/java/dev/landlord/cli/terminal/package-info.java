/** Tests of what may be shown. */
@NullMarked
package dev.landlord.cli.terminal;

import org.jspecify.annotations.NullMarked;
