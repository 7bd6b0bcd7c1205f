package dev.landlord.agent.sandbox;

import dev.landlord.agent.diff.AllocationRecord;
import dev.landlord.agent.diff.ObservedSandbox;
import org.jspecify.annotations.Nullable;

/**
 * One allocation of this host, as metrics and streams see it.
 *
 * @param sandbox the one that its tenant means when it names the allocation: the newest; null between two runs
 */
public record Resident(AllocationRecord record, @Nullable ObservedSandbox sandbox) {}
