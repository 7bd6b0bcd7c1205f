package dev.landlord.e2e.demo;

import dev.landlord.e2e.cluster.Cluster;
import dev.landlord.e2e.cluster.Prometheus;
import dev.landlord.e2e.cluster.RestClient;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The fourth act's persons and the programs that they meet. */
record Stage(
        Cluster cluster, Prometheus prometheus, RestClient operator, TenantDesk alice, TenantDesk bob, TenantDesk eve) {
    static final List<String> TENANTS = List.of("alice", "bob", "eve");

    List<TenantDesk> tenants() {
        return List.of(alice, bob, eve);
    }

    /** Host process ids of everything that the tenants run. */
    NavigableSet<Long> programs() {
        NavigableSet<Long> all = new TreeSet<>();
        tenants().forEach(tenant -> all.addAll(tenant.counters().programs()));
        return all;
    }
}
