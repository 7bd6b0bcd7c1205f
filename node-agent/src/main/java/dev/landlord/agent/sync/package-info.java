/**
 * The agent's side of the talk with its control plane: reports up, desired sets down, streams dialled back. The agent opens
 * every connection, and trusts one certificate authority, pinned when it joined. Owns the wire and the pace of retries.
 * Decides nothing about sandboxes; without a control plane it only keeps trying.
 */
@NullMarked
package dev.landlord.agent.sync;

import org.jspecify.annotations.NullMarked;
