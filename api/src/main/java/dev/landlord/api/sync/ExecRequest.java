package dev.landlord.api.sync;

import dev.landlord.api.exec.ExecSpec;
import dev.landlord.api.id.AllocationId;
import org.jspecify.annotations.Nullable;

/**
 * Asks the agent to run a program and to dial back with it. Valid once.
 *
 * @param id one-time id, part of the WebSocket path {@code /node/v1/execs/{id}}
 * @param address {@code HOST:PORT} to be dialled; absent when it is where the agent has this from
 */
public record ExecRequest(
        String id,
        AllocationId allocation,
        ExecSpec exec,
        @Nullable String address) {
    public ExecRequest(String id, AllocationId allocation, ExecSpec exec) {
        this(id, allocation, exec, null);
    }
}
