package dev.landlord.agent.diff;

import dev.landlord.api.id.AllocationId;

/** Names one sandbox of the random world. */
record RunKey(AllocationId allocation, int run) {}
