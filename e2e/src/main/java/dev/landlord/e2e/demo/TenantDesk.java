package dev.landlord.e2e.demo;

import dev.landlord.e2e.cluster.Answer;
import dev.landlord.e2e.cluster.Eventually;
import dev.landlord.e2e.cluster.RestClient;
import dev.landlord.e2e.host.TenantCounters;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** Where one tenant does business with the landlord, with the tenant's own token. */
final class TenantDesk {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RestClient client;
    private final String name;
    private final TenantCounters counters;

    TenantDesk(RestClient client, String name, TenantCounters counters) {
        this.client = client;
        this.name = name;
        this.counters = counters;
    }

    String name() {
        return name;
    }

    /** The API as this tenant sees it. */
    RestClient client() {
        return client;
    }

    TenantCounters counters() {
        return counters;
    }

    String path() {
        return "/api/v1/tenants/" + name;
    }

    String workloadPath(String workload) {
        return path() + "/workloads/" + workload;
    }

    Answer order(String workload, Order order) {
        return client.put(workloadPath(workload), order.form());
    }

    /** Orders and waits until all replicas run. */
    void run(String workload, Order order) throws InterruptedException {
        order(workload, order).must("order " + workload);
        awaitRunning(workload, ((Number) order.rest().getOrDefault("replicas", 1)).intValue());
    }

    void awaitRunning(String workload, int replicas) throws InterruptedException {
        List<Allocation> last = await(
                workload, found -> found.size() == replicas && found.stream().allMatch(Allocation::isRunning));
        if (last.size() != replicas || !last.stream().allMatch(Allocation::isRunning)) {
            throw new IllegalStateException(name + "'s " + workload + " does not run: " + last + " "
                    + client.get(workloadPath(workload)).body());
        }
    }

    /** Looks until it holds or the time is up; the last look in either case. */
    List<Allocation> await(String workload, Predicate<List<Allocation>> holds) throws InterruptedException {
        return Eventually.observe(PATIENCE, () -> allocations(workload), holds);
    }

    List<Allocation> allocations(String workload) {
        return allocations().stream()
                .filter(allocation -> allocation.workload().equals(workload))
                .toList();
    }

    List<Allocation> allocations() {
        var items = client.get(path() + "/allocations")
                .must("list allocations")
                .json()
                .path("items");
        return StreamSupport.stream(items.spliterator(), false)
                .map(Allocation::of)
                .toList();
    }

    NavigableSet<String> workloads() {
        NavigableSet<String> names = new TreeSet<>();
        client.get(path() + "/workloads")
                .must("list workloads")
                .json()
                .path("items")
                .forEach(item -> names.add(item.path("name").asString()));
        return names;
    }

    /** The end of the standard output of the first replica. */
    String log(String workload, int tailBytes) {
        return allocations(workload).stream()
                .findFirst()
                .map(allocation -> client.get(path() + "/allocations/" + allocation.id()
                                + "/logs?stream=stdout&follow=false&tailBytes=" + tailBytes)
                        .must("read the log of " + workload)
                        .body())
                .orElse("");
    }

    /** Deletes and waits until nothing of it is left. */
    void cancel(String workload) throws InterruptedException {
        client.delete(workloadPath(workload)).must("delete " + workload);
        List<Allocation> left = await(workload, List::isEmpty);
        if (!left.isEmpty()) {
            throw new IllegalStateException(workload + " is deleted and still there: " + left);
        }
    }
}
