package dev.landlord.e2e.demo;

import dev.landlord.e2e.cluster.Cluster;
import dev.landlord.e2e.cluster.Prometheus;
import dev.landlord.e2e.cluster.RestClient;
import dev.landlord.e2e.host.ProcessEntry;
import dev.landlord.e2e.network.Rack;
import java.net.URI;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The fourth act's persons and the programs that they meet.
 *
 * @param world a web server that belongs to nobody here
 */
record Stage(
        Cluster cluster,
        Rack rack,
        URI world,
        Prometheus prometheus,
        RestClient operator,
        TenantDesk alice,
        TenantDesk bob,
        TenantDesk eve) {
    static final List<String> TENANTS = List.of("alice", "bob", "eve");

    List<TenantDesk> tenants() {
        return List.of(alice, bob, eve);
    }

    List<Shop> shops() {
        return List.of(new Shop(alice, "Alice's apples"), new Shop(bob, "Bob's bread"));
    }

    Shop shopOf(String tenant) {
        return shops().stream()
                .filter(shop -> shop.owner().name().equals(tenant))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(tenant + " has no shop"));
    }

    /** A replica of the tenant's shop on a host that Eve is on, too. */
    Allocation nearestToEve(String tenant) {
        List<String> eves = eve.allocations().stream().map(Allocation::node).toList();
        return shopOf(tenant).replicas().stream()
                .filter(replica -> eves.contains(replica.node()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(tenant + " has no replica beside Eve"));
    }

    /** Counted from 1, as the rack does. */
    int numberOf(String host) {
        List<String> names =
                cluster.agents().stream().map(agent -> agent.host().name()).toList();
        return names.indexOf(host) + 1;
    }

    /** Host process ids of everything that the tenants run. */
    NavigableSet<Long> programs() {
        NavigableSet<Long> all = new TreeSet<>();
        tenants().forEach(tenant -> all.addAll(tenant.counters().programs()));
        return all;
    }

    /** Whether a process of the host is the web server of a {@link Shop}. */
    static boolean isWebServer(long pid) {
        return ProcessEntry.of(pid)
                .filter(process -> process.commandLine().startsWith("/bin/shop web "))
                .isPresent();
    }
}
