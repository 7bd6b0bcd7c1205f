package dev.landlord.cli.usage;

import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.render.Fields;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads groups of Prometheus' HTTP service discovery. Only TLS targets: the scrape token must not travel in clear. */
final class AgentTargets {
    private AgentTargets() {}

    static List<URI> of(JsonNode group) {
        List<URI> targets = new ArrayList<>();
        for (JsonNode target : group.path("targets")) {
            String address = target.asString();
            if (!address.matches("[A-Za-z0-9.:\\[\\]-]{1,255}")) {
                throw new CommandFailure(ExitCode.FAILED, "the server named a target that is not HOST:PORT");
            }
            targets.add(URI.create("https://" + address));
        }
        return targets;
    }

    static ApiPath path(JsonNode group) {
        String path = Fields.text(group.path("labels"), "__metrics_path__");
        if (path.isEmpty()) {
            return new ApiPath("/metrics");
        }
        if (!path.matches("/[A-Za-z0-9/_.-]{0,255}")) {
            throw new CommandFailure(ExitCode.FAILED, "the server named a metrics path that is not a path");
        }
        return new ApiPath(path);
    }
}
