package dev.landlord.api.sync;

import dev.landlord.api.id.NodeName;

/**
 * First words of a new agent.
 *
 * @param token single-use, bound to the node's name
 * @param certificateRequest PKCS#10 in PEM, for the key of the agent's metrics listener; the key itself never leaves the
 *     node
 */
public record JoinRequest(NodeName node, String token, String certificateRequest) {
    /** Without the token: records end up in logs. */
    @Override
    public String toString() {
        return "JoinRequest[node=" + node + "]";
    }
}
