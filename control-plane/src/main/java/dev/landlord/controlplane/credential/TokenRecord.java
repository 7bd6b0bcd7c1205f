package dev.landlord.controlplane.credential;

/**
 * A token as it is remembered: never itself.
 *
 * @param id {@link Credentials#id}
 * @param name what it is for; empty if nobody said
 * @param createdAt epoch milliseconds
 * @param expiresAt epoch milliseconds, or {@link Holder#NEVER}
 */
public record TokenRecord(String id, String name, Scope scope, long createdAt, long expiresAt) {}
