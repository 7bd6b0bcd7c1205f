package dev.landlord.controlplane.node;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.node.NodeFacts;
import org.jspecify.annotations.Nullable;

/**
 * One node as it is stored.
 *
 * @param facts null until the first report
 * @param lastSeenAt epoch milliseconds; may be some seconds behind what {@link Contacts} knows
 * @param generation number of its newest desired set; before the first, what that one must exceed
 * @param desiredSha256 digest of that set, empty before the first
 */
public record NodeRecord(
        NodeName name,
        NodeState state,
        @Nullable NodeFacts facts,
        long joinedAt,
        long lastSeenAt,
        long generation,
        String desiredSha256) {}
