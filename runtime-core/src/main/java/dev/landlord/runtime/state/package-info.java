/**
 * What the runtime keeps on disk: one directory per sandbox, from which a later process finds out what runs, what has
 * ended and how, and what it printed. Knows the layout, decides nothing.
 */
@NullMarked
package dev.landlord.runtime.state;

import org.jspecify.annotations.NullMarked;
