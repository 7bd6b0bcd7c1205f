package dev.landlord.api.network;

import java.util.List;

/**
 * The connection of one replica.
 *
 * @param address IPv4, unique in the cluster as long as the allocation exists
 */
public record Attachment(String address, List<PublishedPort> ports) {
    public Attachment {
        ports = List.copyOf(ports);
    }
}
