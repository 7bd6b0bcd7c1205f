/**
 * Several hosts on one machine: a network namespace each, joined by a switch, so that a cable can be pulled. Owns the links
 * and namespaces that it makes, and removes every one of them. Knows nothing of the product.
 */
@NullMarked
package dev.landlord.e2e.network;

import org.jspecify.annotations.NullMarked;
