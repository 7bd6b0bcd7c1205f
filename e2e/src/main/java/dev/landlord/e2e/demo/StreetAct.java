package dev.landlord.e2e.demo;

import dev.landlord.e2e.report.DemoReport;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The shops are on the street: customers find them on several hosts, and Alice is never on a host with Eve. */
final class StreetAct {
    private final DemoReport report;
    private final Stage stage;

    StreetAct(DemoReport report, Stage stage) {
        this.report = report;
        this.stage = stage;
    }

    void play() throws InterruptedException {
        report.vitalStep(
                "Alice and Bob open a shop on the street, two replicas each, with a health check over HTTP",
                "four replicas run and are healthy",
                () -> {
                    for (Shop shop : stage.shops()) {
                        shop.open();
                    }
                    return stage.shops().stream()
                                    .flatMap(shop -> shop.replicas().stream())
                                    .filter(Allocation::isOpen)
                                    .count()
                            + " healthy";
                },
                "4 healthy"::equals);
        for (Shop shop : stage.shops()) {
            report.step(
                    "customers go to the published ports of " + shop.owner().name() + "'s shop",
                    "on two hosts, and each shows \"" + shop.page() + "\"",
                    () -> shop.pages().toString(),
                    observed -> shop.pages().size() == 2
                            && shop.pages().values().stream().allMatch(shop.page()::equals)
                            && shop.replicas().stream()
                                            .map(Allocation::node)
                                            .distinct()
                                            .count()
                                    == 2);
        }
        report.step(
                "look on which hosts the tenants are; Alice's contract says: never with Eve",
                "no host has both, and one has Bob and Eve",
                () -> hosts().toString(),
                observed -> hosts().values().stream().noneMatch(tenants -> tenants.containsAll(List.of("alice", "eve")))
                        && hosts().values().stream().anyMatch(tenants -> tenants.containsAll(List.of("bob", "eve"))));
        report.step(
                "Alice's replicas call each other by their own addresses, from host to host",
                "open, open",
                () -> {
                    List<Allocation> replicas = stage.shopOf("alice").replicas();
                    Map<String, String> found = Knock.by(
                            stage.alice(),
                            Map.of(
                                    "first", Knock.door(replicas.getFirst().address(), Shop.PORT),
                                    "second", Knock.door(replicas.getLast().address(), Shop.PORT)));
                    return found.get("first") + ", " + found.get("second");
                },
                "open, open"::equals);
    }

    private Map<String, Set<String>> hosts() {
        Map<String, Set<String>> hosts = new TreeMap<>();
        stage.tenants()
                .forEach(tenant -> tenant.allocations()
                        .forEach(allocation -> hosts.computeIfAbsent(allocation.node(), node -> new TreeSet<>())
                                .add(tenant.name())));
        return hosts;
    }
}
