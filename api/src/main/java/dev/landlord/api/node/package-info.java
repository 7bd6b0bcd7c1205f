/** What a host is and what it has proven that it can do. */
@NullMarked
package dev.landlord.api.node;

import org.jspecify.annotations.NullMarked;
