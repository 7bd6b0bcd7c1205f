package dev.landlord.api.sync;

import dev.landlord.api.exec.ExecSpec;
import dev.landlord.api.id.AllocationId;

/**
 * Asks the agent to run a program and to dial back with it. Valid once.
 *
 * @param id one-time id, part of the WebSocket path {@code /node/v1/execs/{id}}
 */
public record ExecRequest(String id, AllocationId allocation, ExecSpec exec) {}
