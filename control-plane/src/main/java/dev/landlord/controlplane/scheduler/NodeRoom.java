package dev.landlord.controlplane.scheduler;

import dev.landlord.controlplane.scheduler.ClusterSnapshot.NodeView;

/** One node and what is still free on it, as the pass goes on. */
final class NodeRoom {
    final NodeView view;
    private Amounts free;
    /** How many allocations of the workload at hand it has; set and cleared around each search. */
    private int siblings;

    NodeRoom(NodeView view) {
        this.view = view;
        this.free = view.capacity();
    }

    Amounts free() {
        return free;
    }

    int siblings() {
        return siblings;
    }

    void take(Amounts needs) {
        free = free.minus(needs);
    }

    void addSibling() {
        siblings++;
    }

    void clearSiblings() {
        siblings = 0;
    }

    boolean holds(Amounts needs) {
        return needs.fitsIn(free);
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
