package dev.landlord.api.join;

/**
 * The next certificate of a node. The one before stays good until its own end.
 *
 * @param certificate PEM chain
 */
public record RenewalReply(String certificate) {}
