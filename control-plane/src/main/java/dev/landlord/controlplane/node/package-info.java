/**
 * Which hosts there are, what they offer, and whether they are heard of. Owns the tables {@code node} and {@code
 * join_token}, and in memory who reported when. Decides by pure arithmetic when a silent node is suspect and when it is
 * lost. A heartbeat is never a database write of its own. This room must never know what runs on a node.
 */
@NullMarked
package dev.landlord.controlplane.node;

import org.jspecify.annotations.NullMarked;
