/** How sandboxes are connected: what a node offers, what an allocation gets, what a node knows of the others. */
@NullMarked
package dev.landlord.api.network;

import org.jspecify.annotations.NullMarked;
