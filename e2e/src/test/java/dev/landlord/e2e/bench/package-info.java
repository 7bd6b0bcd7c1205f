/** How launches become figures. */
@NullMarked
package dev.landlord.e2e.bench;

import org.jspecify.annotations.NullMarked;
