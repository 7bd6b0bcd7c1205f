/**
 * Addresses and ports as numbers: which part of the cluster's range belongs to which node, which host ports are taken, and
 * what each node must know of the others to connect its sandboxes. Pure: it takes what it must know as arguments, never
 * touches the store or a socket, and never decides on which node something runs.
 */
@NullMarked
package dev.landlord.controlplane.network;

import org.jspecify.annotations.NullMarked;
