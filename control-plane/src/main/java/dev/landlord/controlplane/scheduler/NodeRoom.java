package dev.landlord.controlplane.scheduler;

import dev.landlord.controlplane.network.PortNeeds;
import dev.landlord.controlplane.network.Wiring;
import dev.landlord.controlplane.network.WiringBook;
import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One node and what is still free on it, as the pass goes on. */
final class NodeRoom {
    final NodeView view;
    final WiringBook wirings;
    private Amounts free;
    private @Nullable String trustClass;
    private boolean mixed;
    /** How many allocations of the workload at hand it has; set and cleared around each search, as the next two are. */
    private int siblings;
    /** How many of the tenant at hand. */
    private int cousins;
    /** It has somebody whom the tenant at hand must not meet. */
    private boolean taboo;

    NodeRoom(NodeView view) {
        this.view = view;
        this.free = view.capacity();
        this.wirings = new WiringBook(view.reach().lastHost(), view.reach().offer());
    }

    Amounts free() {
        return free;
    }

    int siblings() {
        return siblings;
    }

    int cousins() {
        return cousins;
    }

    void take(Amounts needs, Wiring wiring, String tenantsClass) {
        free = free.minus(needs);
        wirings.take(wiring);
        mixed |= trustClass != null && !trustClass.equals(tenantsClass);
        trustClass = tenantsClass;
    }

    void addSibling() {
        siblings++;
    }

    void addCousin() {
        cousins++;
    }

    void markTaboo() {
        taboo = true;
    }

    void clearMarks() {
        siblings = 0;
        cousins = 0;
        taboo = false;
    }

    /** Whether somebody is here whom a tenant of this class, or the tenant at hand, must not meet. */
    boolean keepsOut(String tenantsClass) {
        return taboo || mixed || (trustClass != null && !trustClass.equals(tenantsClass));
    }

    boolean holds(Amounts needs) {
        return needs.fitsIn(free);
    }

    /** Whether it has an address and these ports. */
    boolean wires(PortNeeds ports) {
        return wirings.hasAddress()
                && (ports.isNothing()
                        || (wirings.takenOf(ports, List.of()) == null && wirings.rangeSuffices(ports, List.of())));
    }

    /** How full the scarcer of CPU and memory is after taking {@code needs}, 0 to 1. Higher is the better fit. */
    double fullnessWith(Amounts needs) {
        double cpu = fullness(view.capacity().cpuMillis(), free.cpuMillis() - needs.cpuMillis());
        double memory = fullness(view.capacity().memoryBytes(), free.memoryBytes() - needs.memoryBytes());
        return Math.max(cpu, memory);
    }

    private static double fullness(long capacity, long free) {
        return capacity == 0 ? 1 : 1 - (double) free / capacity;
    }
}
