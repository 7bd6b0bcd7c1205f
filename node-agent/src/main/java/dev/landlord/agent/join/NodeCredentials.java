package dev.landlord.agent.join;

import dev.landlord.agent.identity.NodeIdentity;
import java.nio.file.Path;
import java.security.cert.X509Certificate;

/**
 * What a joined node has.
 *
 * @param authority the one certificate authority that is trusted
 * @param identity by which the control plane knows this node; renewed later
 * @param metricsCertificate PEM chain of the metrics listener
 * @param metricsKey its private key, PKCS#8 in PEM
 * @param scrapeTokenSha256 lower-case hex
 */
public record NodeCredentials(
        X509Certificate authority,
        NodeIdentity identity,
        Path metricsCertificate,
        Path metricsKey,
        String scrapeTokenSha256) {
    @Override
    public String toString() {
        return "NodeCredentials[" + metricsCertificate + "]";
    }
}
