package dev.landlord.api.sync;

/** The node's own credential; shown once, kept by the agent in a 0600 file. */
public record JoinReply(String nodeToken) {}
