/** How a shop's log becomes figures. */
@NullMarked
package dev.landlord.e2e.demo;

import org.jspecify.annotations.NullMarked;
