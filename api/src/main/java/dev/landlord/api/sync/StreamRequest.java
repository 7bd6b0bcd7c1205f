package dev.landlord.api.sync;

import dev.landlord.api.id.AllocationId;
import org.jspecify.annotations.Nullable;

/**
 * Asks the agent to dial back with a stream. Valid once.
 *
 * @param id one-time id, part of the WebSocket path {@code /node/v1/streams/{id}}
 * @param follow keep the stream open and send what comes
 * @param tailBytes how much of the past to send first, 0 to 16 MiB
 * @param address {@code HOST:PORT} to be dialled; absent when it is where the agent has this from
 */
public record StreamRequest(
        String id,
        Kind kind,
        AllocationId allocation,
        boolean follow,
        long tailBytes,
        @Nullable String address) {
    public StreamRequest(String id, Kind kind, AllocationId allocation, boolean follow, long tailBytes) {
        this(id, kind, allocation, follow, tailBytes, null);
    }

    public enum Kind {
        STDOUT,
        STDERR
    }
}
