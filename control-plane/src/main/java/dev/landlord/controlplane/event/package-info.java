/**
 * What happened, for people: a bounded history per tenant and one for the operator. Owns the table {@code event} and its
 * retention. Nothing may ever be decided from an event.
 */
@NullMarked
package dev.landlord.controlplane.event;

import org.jspecify.annotations.NullMarked;
