package dev.landlord.controlplane.credential;

/**
 * Who has a token, and what the token allows.
 *
 * @param tokenId {@link Credentials#id}
 * @param expiresAt epoch milliseconds
 */
public record Holder(Identity identity, String tokenId, Scope scope, long expiresAt) {
    public static final long NEVER = Long.MAX_VALUE;
}
