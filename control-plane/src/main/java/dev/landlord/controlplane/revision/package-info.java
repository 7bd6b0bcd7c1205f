/**
 * Which state of a resource a request is about: numbers of rows, the entity tags made of them, and the conditions of a
 * request ({@code If-Match}, {@code If-None-Match}; RFC 9110, section 13). Owns the table {@code row_counter}; the rooms that
 * own the rows store the numbers.
 */
@NullMarked
package dev.landlord.controlplane.revision;

import org.jspecify.annotations.NullMarked;
