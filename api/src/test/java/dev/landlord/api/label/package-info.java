/** Proves what may be a label. */
@NullMarked
package dev.landlord.api.label;

import org.jspecify.annotations.NullMarked;
