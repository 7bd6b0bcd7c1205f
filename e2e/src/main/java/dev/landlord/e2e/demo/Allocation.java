package dev.landlord.e2e.demo;

import tools.jackson.databind.JsonNode;

/**
 * One replica as the API shows it.
 *
 * @param exitCode -1 when it has not ended yet
 */
record Allocation(
        String id, String workload, String phase, int restarts, int exitCode, boolean oomKilled, long specVersion) {
    static Allocation of(JsonNode json) {
        return new Allocation(
                json.path("id").asString(),
                json.path("workload").asString(),
                json.path("phase").asString(),
                json.path("restarts").asInt(),
                json.path("exitCode").isNumber() ? json.path("exitCode").asInt() : -1,
                json.path("oomKilled").asBoolean(),
                json.path("specVersion").asLong());
    }

    boolean isRunning() {
        return phase.equals("running");
    }
}
