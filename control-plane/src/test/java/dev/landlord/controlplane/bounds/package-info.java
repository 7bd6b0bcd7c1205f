/** Clients that send too much, too slowly or nothing at all, over real sockets: they are refused or dropped, and no one else is. */
@NullMarked
package dev.landlord.controlplane.bounds;

import org.jspecify.annotations.NullMarked;
