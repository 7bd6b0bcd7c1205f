package dev.landlord.api.join;

/**
 * What a node needs from then on; kept by the agent in 0600 files.
 *
 * @param certificate PEM chain for the node's own key: who shows it at the node API is that node
 * @param metricsCertificate PEM chain for the agent's metrics listener, signed by the control plane's CA too
 * @param scrapeTokenSha256 lower-case hex of the digest of the token that scrapers of the agent must show
 */
public record JoinReply(String certificate, String metricsCertificate, String scrapeTokenSha256) {
    @Override
    public String toString() {
        return "JoinReply[...]";
    }
}
