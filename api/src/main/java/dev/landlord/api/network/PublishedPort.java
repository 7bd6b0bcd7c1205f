package dev.landlord.api.network;

import dev.landlord.api.workload.Protocol;

/**
 * A port of a replica with the port of its node under which it is reached.
 *
 * @param port inside the sandbox
 * @param hostPort on the node
 */
public record PublishedPort(String name, Protocol protocol, int port, int hostPort) {}
