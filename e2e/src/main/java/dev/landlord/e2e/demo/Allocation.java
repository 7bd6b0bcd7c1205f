package dev.landlord.e2e.demo;

import java.net.URI;
import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * One replica as the API shows it.
 *
 * @param address of its own, empty while it has none
 * @param doors where customers find it, one for each published port
 * @param health empty when it has no health check
 * @param exitCode -1 when it has not ended yet
 */
record Allocation(
        String id,
        String workload,
        String node,
        String address,
        List<URI> doors,
        String phase,
        String health,
        int restarts,
        int exitCode,
        boolean oomKilled,
        long specVersion) {
    static Allocation of(JsonNode json) {
        return new Allocation(
                json.path("id").asString(),
                json.path("workload").asString(),
                json.path("node").asString(),
                text(json, "address"),
                StreamSupport.stream(json.path("ports").spliterator(), false)
                        .map(Allocation::door)
                        .toList(),
                json.path("phase").asString(),
                text(json, "health"),
                json.path("restarts").asInt(),
                json.path("exitCode").isNumber() ? json.path("exitCode").asInt() : -1,
                json.path("oomKilled").asBoolean(),
                json.path("specVersion").asLong());
    }

    private static String text(JsonNode json, String field) {
        return json.path(field).isString() ? json.path(field).asString() : "";
    }

    private static URI door(JsonNode port) {
        return URI.create("http://" + port.path("address").asString() + ":"
                + port.path("hostPort").asInt() + "/");
    }

    boolean isRunning() {
        return phase.equals("running");
    }

    /** Runs and, if it has a health check, passes it. */
    boolean isOpen() {
        return isRunning() && (health.isEmpty() || health.equals("healthy"));
    }
}
