package dev.landlord.agent.join;

import java.nio.file.Path;
import java.security.cert.X509Certificate;

/**
 * What a joined node has.
 *
 * @param authority the one certificate authority that is trusted
 * @param metricsCertificate PEM chain of the metrics listener
 * @param metricsKey its private key, PKCS#8 in PEM
 * @param scrapeTokenSha256 lower-case hex
 */
public record NodeCredentials(
        X509Certificate authority,
        String nodeToken,
        Path metricsCertificate,
        Path metricsKey,
        String scrapeTokenSha256) {
    @Override
    public String toString() {
        return "NodeCredentials[" + metricsCertificate + "]";
    }
}
