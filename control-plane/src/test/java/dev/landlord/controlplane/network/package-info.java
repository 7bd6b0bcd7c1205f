/** Tests of addresses, ports, and what nodes are told of each other. */
@NullMarked
package dev.landlord.controlplane.network;

import org.jspecify.annotations.NullMarked;
