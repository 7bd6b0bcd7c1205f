/** Proves that what is followed is told once, over broken connections too. */
@NullMarked
package dev.landlord.cli.watch;

import org.jspecify.annotations.NullMarked;
