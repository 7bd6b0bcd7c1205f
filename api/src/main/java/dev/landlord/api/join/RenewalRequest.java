package dev.landlord.api.join;

import org.jspecify.annotations.Nullable;

/**
 * A node asks for its next certificate, and shows the one that it has.
 *
 * @param certificateRequest PKCS#10 in PEM for a new key; nothing but the key is taken from it
 * @param metricsCertificateRequest the same for the metrics listener; an older agent leaves it out
 */
public record RenewalRequest(
        String certificateRequest, @Nullable String metricsCertificateRequest) {}
