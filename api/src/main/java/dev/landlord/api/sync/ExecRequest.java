package dev.landlord.api.sync;

import dev.landlord.api.exec.AttachSpec;
import dev.landlord.api.exec.ExecSpec;
import dev.landlord.api.id.AllocationId;
import org.jspecify.annotations.Nullable;

/**
 * Asks the agent to dial back with a program. Valid once. Just one of {@code exec} and {@code attach} is there; the latter only
 * for an allocation whose program has a console, and so for no node that does not know of it.
 *
 * @param id one-time id, part of the WebSocket path {@code /node/v1/execs/{id}}
 * @param exec what is to be run beside the allocation's own program
 * @param attach to that one itself
 * @param address {@code HOST:PORT} to be dialled; absent when it is where the agent has this from
 */
public record ExecRequest(
        String id,
        AllocationId allocation,
        @Nullable ExecSpec exec,
        @Nullable AttachSpec attach,
        @Nullable String address) {}
