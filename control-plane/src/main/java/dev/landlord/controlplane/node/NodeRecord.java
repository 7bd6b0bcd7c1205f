package dev.landlord.controlplane.node;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.controlplane.network.Subnet;
import org.jspecify.annotations.Nullable;

/**
 * One node as it is stored.
 *
 * @param facts null until the first report
 * @param lastSeenAt epoch milliseconds; may be some seconds behind what {@link Contacts} knows
 * @param generation number of its newest desired set; before the first, what that one must exceed
 * @param desiredSha256 digest of that set, empty before the first
 * @param duty what the operator lets it do
 * @param stateSince when it came into its state, epoch milliseconds; 0 if that was not recorded
 * @param lossConfirmed it is lost, and an operator has said that what it had is to be replaced
 * @param subnet its part of the cluster's addresses; null when none was left
 */
public record NodeRecord(
        NodeName name,
        NodeState state,
        @Nullable NodeFacts facts,
        long joinedAt,
        long lastSeenAt,
        long generation,
        String desiredSha256,
        NodeDuty duty,
        long stateSince,
        boolean lossConfirmed,
        @Nullable Subnet subnet) {
    /** Where its published ports are reached and its sandboxes are routed to; null if it connects none. */
    public @Nullable String address() {
        return facts == null || facts.network() == null ? null : facts.network().address();
    }
}
