package dev.landlord.controlplane.allocation;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.sync.DesiredState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/**
 * The newest committed desired set of each node, in memory for those who wait for it. Thread-safe; one entry per node.
 * Published by one thread only, so the numbers of a node only grow.
 */
@Component
public final class DesiredSets {
    private final Map<NodeName, DesiredState> newest = new ConcurrentHashMap<>();
    private final List<BiConsumer<NodeName, DesiredState>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<NodeName>> forgetting = new CopyOnWriteArrayList<>();

    /** Empty until the first pass after the start, or after the node has joined. */
    public Optional<DesiredState> of(NodeName node) {
        return Optional.ofNullable(newest.get(node));
    }

    /** Calls for each set that is published, on the publisher's thread: return at once, throw nothing. */
    public void onPublish(BiConsumer<NodeName, DesiredState> listener) {
        listeners.add(listener);
    }

    /** Calls for each node whose set is forgotten, likewise. */
    public void onForget(Consumer<NodeName> listener) {
        forgetting.add(listener);
    }

    /** Makes a committed set known. */
    public void publish(NodeName node, DesiredState state) {
        newest.put(node, state);
        listeners.forEach(listener -> listener.accept(node, state));
    }

    /** Forgets the set of a node; the next pass publishes it anew. */
    public void forget(NodeName node) {
        if (newest.remove(node) != null) {
            forgetting.forEach(listener -> listener.accept(node));
        }
    }

    /** Forgets the sets of all other nodes. */
    public void keepOnly(Set<NodeName> nodes) {
        newest.keySet().stream().filter(node -> !nodes.contains(node)).forEach(this::forget);
    }
}
