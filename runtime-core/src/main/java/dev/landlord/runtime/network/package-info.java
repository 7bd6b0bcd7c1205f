/**
 * Connects sandboxes: a routed link each, and one firewall table whose sets say who may send what to whom.
 *
 * <p>Decides the bytes of every message to the kernel and the text of the table (pure), and sends them. Owns the table, the
 * links whose names begin with {@code ll}, and the routes over and to them. Must never trust a packet that a sandbox sent, and
 * knows nothing of tenants but a number.
 */
@NullMarked
package dev.landlord.runtime.network;

import org.jspecify.annotations.NullMarked;
