package dev.landlord.api.sync;

/**
 * What a node needs from then on; shown once, kept by the agent in 0600 files.
 *
 * @param nodeToken the node's own credential for the node API
 * @param certificate PEM chain for the agent's metrics listener, signed by the control plane's CA
 * @param scrapeTokenSha256 lower-case hex of the digest of the token that scrapers of the agent must show
 */
public record JoinReply(String nodeToken, String certificate, String scrapeTokenSha256) {
    /** Without the token: records end up in logs. */
    @Override
    public String toString() {
        return "JoinReply[...]";
    }
}
