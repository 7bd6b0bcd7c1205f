package dev.landlord.cli.dev;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line said.
 *
 * @param programs the folder that has bin/landlord-agent and bin/landlord-control-plane
 * @param stateDir null: a temporary one
 * @param keep whether the sandboxes run on when we end
 * @param json one line of JSON instead of words for a person
 * @param extra passed on to the programs, after our own arguments
 */
record DevOptions(
        Path programs, @Nullable Path stateDir, String node, Ports ports, boolean keep, boolean json, Extra extra) {
    /** Null: the usual port, or any free one when another landlord dev has taken the first slot. */
    record Ports(
            @Nullable Integer publicApi,
            @Nullable Integer node,
            @Nullable Integer management,
            @Nullable Integer metrics) {}

    /** Arguments that are passed on. */
    record Extra(List<String> controlPlane, List<String> agent) {
        Extra {
            controlPlane = List.copyOf(controlPlane);
            agent = List.copyOf(agent);
        }
    }
}
