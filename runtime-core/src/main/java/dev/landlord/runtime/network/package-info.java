/**
 * Connects sandboxes: owns the host's ends of their links, our routes, and one table of nftables whose rules never change
 * and whose sets do. Decides what is in the sets; {@code table.nft} is what the rules are. Starts a program (nft) when the
 * table is put up, never for one sandbox.
 */
@NullMarked
package dev.landlord.runtime.network;

import org.jspecify.annotations.NullMarked;
