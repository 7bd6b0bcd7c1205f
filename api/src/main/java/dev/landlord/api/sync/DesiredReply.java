package dev.landlord.api.sync;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to the waiting {@code desired} call; 204 without a body when neither part has anything.
 *
 * @param desired absent when the generation that the agent named is still the newest
 */
public record DesiredReply(@Nullable DesiredState desired, List<StreamRequest> streams) {
    public DesiredReply {
        streams = List.copyOf(streams);
    }
}
