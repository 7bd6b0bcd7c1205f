package dev.landlord.api.join;

/**
 * A node asks for its next certificate, and shows the one that it has.
 *
 * @param certificateRequest PKCS#10 in PEM for a new key; nothing but the key is taken from it
 */
public record RenewalRequest(String certificateRequest) {}
