package dev.landlord.api.sync;

import dev.landlord.api.id.NodeName;

/** First words of a new agent: a single-use token that is bound to the node's name. */
public record JoinRequest(NodeName node, String token) {}
