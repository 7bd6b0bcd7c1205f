package dev.landlord.controlplane.credential;

/** How much of what its holder may do a token allows. */
public enum Scope {
    /** To look. */
    READ,
    /** To look and to change. */
    READ_WRITE
}
