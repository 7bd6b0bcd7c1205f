package dev.landlord.api.join;

import dev.landlord.api.id.NodeName;

/**
 * First words of a new agent. Its keys never leave the node; of the requests for certificates only the keys are taken.
 *
 * @param token single-use, bound to the node's name
 * @param certificateRequest PKCS#10 in PEM, for the key by which the node is known at the node API
 * @param metricsCertificateRequest PKCS#10 in PEM, for the key of the agent's metrics listener
 */
public record JoinRequest(NodeName node, String token, String certificateRequest, String metricsCertificateRequest) {
    /** Without the token: records end up in logs. */
    @Override
    public String toString() {
        return "JoinRequest[node=" + node + "]";
    }
}
