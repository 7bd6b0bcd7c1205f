/** Tests of the wire contract. */
@NullMarked
package dev.landlord.api;

import org.jspecify.annotations.NullMarked;
