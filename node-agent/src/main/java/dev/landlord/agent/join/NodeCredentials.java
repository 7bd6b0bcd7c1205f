package dev.landlord.agent.join;

import dev.landlord.agent.identity.NodeIdentity;
import java.security.cert.X509Certificate;

/**
 * What a joined node has.
 *
 * @param authority the one certificate authority that is trusted
 * @param identity by which the control plane knows this node; renewed later
 * @param metrics what the metrics listener shows; renewed with the other
 * @param scrapeTokenSha256 lower-case hex
 */
public record NodeCredentials(
        X509Certificate authority, NodeIdentity identity, NodeIdentity metrics, String scrapeTokenSha256) {
    @Override
    public String toString() {
        return "NodeCredentials[" + identity + "]";
    }
}
