package dev.landlord.controlplane.tls;

/**
 * What was just signed.
 *
 * @param chain PEM, the new certificate first, then the authority's
 * @param expiresAt epoch milliseconds
 */
public record IssuedCertificate(String chain, long expiresAt) {}
