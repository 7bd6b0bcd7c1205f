/** What labels are made of. */
@NullMarked
package dev.landlord.api.label;

import org.jspecify.annotations.NullMarked;
