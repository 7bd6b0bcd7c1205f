/** Typed identifiers. Each validates itself, so an id that exists is safe to log, store and compare; none is ever a path or a command. */
@NullMarked
package dev.landlord.api.id;

import org.jspecify.annotations.NullMarked;
