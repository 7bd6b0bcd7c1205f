package dev.landlord.e2e.demo;

import dev.landlord.e2e.cluster.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A tenant's shop on the street: a web server with a page of its own in two replicas, each behind a port of its host.
 *
 * @param page what customers see
 */
record Shop(TenantDesk owner, String page) {
    static final String WORKLOAD = "shop";
    static final int PORT = 8080;
    static final int REPLICAS = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    Order order() {
        return Order.of(200, 16, 16, "/bin/shop", "web", Integer.toString(PORT), "2", page)
                .with("replicas", REPLICAS)
                .with("ports", List.of(Map.of("name", "web", "port", PORT, "protocol", "tcp")))
                .with(
                        "health",
                        Map.of("kind", "http", "port", PORT, "path", "/", "intervalMillis", 500, "timeoutMillis", 500));
    }

    void open() throws InterruptedException {
        owner.order(WORKLOAD, order()).must("order the shop");
        awaitOpen();
    }

    /** Waits until all replicas are open, and no other is left. */
    List<Allocation> awaitOpen() throws InterruptedException {
        return Eventually.observe(PATIENCE, this::replicas, Shop::allOpen);
    }

    static boolean allOpen(List<Allocation> replicas) {
        return replicas.size() == REPLICAS && replicas.stream().allMatch(Allocation::isOpen);
    }

    List<Allocation> replicas() {
        return owner.allocations(WORKLOAD);
    }

    List<URI> doors() {
        return replicas().stream()
                .filter(Allocation::isOpen)
                .flatMap(replica -> replica.doors().stream())
                .toList();
    }

    /** What a customer finds behind each door that is open, by host and port. */
    Map<String, String> pages() {
        Map<String, String> pages = new TreeMap<>();
        try (HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build()) {
            for (Allocation replica : replicas()) {
                if (replica.isOpen()) {
                    replica.doors().forEach(door -> pages.put(replica.node() + ":" + door.getPort(), look(http, door)));
                }
            }
        }
        return pages;
    }

    private static String look(HttpClient http, URI door) {
        HttpRequest request =
                HttpRequest.newBuilder(door).timeout(Duration.ofSeconds(3)).build();
        try {
            return http.send(request, BodyHandlers.ofString()).body().strip();
        } catch (IOException e) {
            return "nobody answers at " + door + ": " + e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted at " + door;
        }
    }
}
