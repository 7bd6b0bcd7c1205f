package dev.landlord.api.sync;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to the waiting {@code desired} call; 204 without a body when no part has anything.
 *
 * @param desired absent when the generation that the agent named is still the newest
 * @param execs absent from a control plane that has none to offer
 */
public record DesiredReply(@Nullable DesiredState desired, List<StreamRequest> streams, List<ExecRequest> execs) {
    @SuppressWarnings("NullAway") // an older control plane leaves it out
    public DesiredReply {
        streams = List.copyOf(streams);
        execs = execs == null ? List.of() : List.copyOf(execs);
    }

    public DesiredReply(@Nullable DesiredState desired, List<StreamRequest> streams) {
        this(desired, streams, List.of());
    }
}
