package dev.landlord.controlplane.sync;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What waits to be told to one agent, for a while, and each once. Not thread-safe. */
final class Offers<T> {
    private final int capacity;
    private final long patienceNanos;
    private final Map<T, Long> waiting = new LinkedHashMap<>();
    /** What was told, so that who offers it again is not heard; as old as what waits. */
    private final Map<T, Long> told = new LinkedHashMap<>();

    Offers(int capacity, long patienceNanos) {
        this.capacity = capacity;
        this.patienceNanos = patienceNanos;
    }

    /** False when too many wait, or it was offered before. */
    boolean add(T offer, long nowNanos) {
        dropOld(nowNanos);
        if (waiting.size() >= capacity || waiting.containsKey(offer) || told.containsKey(offer)) {
            return false;
        }
        waiting.put(offer, nowNanos);
        return true;
    }

    void remove(T offer) {
        waiting.remove(offer);
    }

    boolean isEmpty(long nowNanos) {
        dropOld(nowNanos);
        return waiting.isEmpty();
    }

    /** Whoever is given them is told. */
    List<T> take() {
        List<T> taken = new ArrayList<>(waiting.keySet());
        told.putAll(waiting);
        waiting.clear();
        return taken;
    }

    private void dropOld(long nowNanos) {
        waiting.values().removeIf(since -> nowNanos - since > patienceNanos);
        told.values().removeIf(since -> nowNanos - since > patienceNanos);
    }
}
