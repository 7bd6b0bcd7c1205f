package dev.landlord.e2e.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * Deploys workloads of one tenant whose program prints the time as its first act, so that nobody need poll while it starts.
 *
 * @param client with the rights of the tenant
 */
public record TimedDeployment(RestClient client, String tenant) {
    private static final long MIB = 1L << 20;
    /** Long enough for any launch; only then somebody asks. */
    private static final long QUIET_MILLIS = 300;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Where the tenant's own things are. */
    public String path() {
        return "/api/v1/tenants/" + tenant;
    }

    /** What is PUT: small replicas that print the time and then sleep. */
    public static Map<String, Object> form(long cpuMillis, long memoryBytes, int replicas) {
        Map<String, Object> resources =
                Map.of("cpuMillis", cpuMillis, "memoryBytes", memoryBytes, "pids", 8, "diskBytes", MIB, "inodes", 64);
        return Map.of(
                "image",
                "shop",
                "command",
                List.of("/bin/shop", "stamp"),
                "replicas",
                replicas,
                "resources",
                resources);
    }

    /** From PUT to the first act of its program, in microseconds of the host's clock; deletes it and waits until it is gone. */
    public long run(String workload) throws InterruptedException {
        Instant before = Instant.now();
        client.put(path() + "/workloads/" + workload, form(100, 8 * MIB, 1)).must("put " + workload);
        Thread.sleep(QUIET_MILLIS);
        long stamped = stamp(workload);
        delete(workload);
        return stamped - (before.getEpochSecond() * 1_000_000 + before.getNano() / 1000);
    }

    private long stamp(String workload) throws InterruptedException {
        String line = Eventually.observe(PATIENCE, () -> log(workload), text -> text.startsWith("stamp "));
        if (!line.startsWith("stamp ")) {
            throw new IllegalStateException(workload + " did not run within " + PATIENCE + ": " + line);
        }
        return Long.parseLong(line.substring("stamp ".length()).strip());
    }

    private String log(String workload) {
        List<JsonNode> allocations = allocations(workload);
        if (allocations.isEmpty()) {
            return "no allocation";
        }
        String id = allocations.getFirst().path("id").asString();
        return client.get(path() + "/allocations/" + id + "/logs?stream=stdout&follow=false&tailBytes=4096")
                .body();
    }

    public List<JsonNode> allocations(String workload) {
        JsonNode items = client.get(path() + "/allocations").json().path("items");
        return StreamSupport.stream(items.spliterator(), false)
                .filter(item -> item.path("workload").asString().equals(workload))
                .toList();
    }

    public void delete(String workload) throws InterruptedException {
        client.delete(path() + "/workloads/" + workload).must("delete " + workload);
        Eventually.observe(PATIENCE, () -> allocations(workload).size(), left -> left == 0);
    }
}
