package dev.landlord.controlplane.node;

import dev.landlord.api.id.NodeName;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Who was heard of when, in memory. A control plane that has just started gives every node the full time to report, because
 * it was the one that could not hear. Thread-safe; holds one entry per node.
 */
@Component
public final class Contacts {
    private final Map<NodeName, Contact> contacts = new ConcurrentHashMap<>();
    private final Map<NodeName, Long> saved = new HashMap<>();
    private final InstantSource clock;
    private final ReportTimings timings;

    /** A node whose silence has changed what it is. */
    public record Change(NodeName node, NodeState from, NodeState to, long silentMillis) {}

    Contacts(InstantSource clock, ReportTimings timings) {
        this.clock = clock;
        this.timings = timings;
    }

    /** In a cluster of so many nodes. */
    public ReportTiming timing(int nodes) {
        return timings.of(nodes);
    }

    /** The contact of a node that is known to exist; a new one begins its silence now. */
    public Contact of(NodeName node) {
        return contacts.computeIfAbsent(node, name -> new Contact(clock.millis()));
    }

    /** The node was deleted, or has joined anew: whoever reported for it before does so no more. */
    public void forget(NodeName node) {
        contacts.remove(node);
    }

    /** What a node last said; nothing if it was not heard of. */
    public Contact.Said said(NodeName node) {
        Contact contact = contacts.get(node);
        return contact == null ? Contact.Said.NOTHING : contact.said();
    }

    /** How many nodes there are. */
    public int size() {
        return contacts.size();
    }

    /** When a node was last heard of, epoch milliseconds: the newer of what is stored and what is known here. */
    public long lastSeenAt(NodeRecord node) {
        Contact contact = contacts.get(node.name());
        return contact == null || !contact.everHeard() ? node.lastSeenAt() : contact.lastSeenAt();
    }

    /** Whether an agent of this name is at work, so that another must not join. */
    public boolean isReporting(NodeRecord node, ReportTiming timing) {
        boolean everReported = node.state() != NodeState.JOINED;
        return everReported && clock.millis() - of(node.name()).lastSeenAt() < timing.lostAfter();
    }

    /**
     * The nodes that have become silent, or more so.
     *
     * @param nodes all that there are; of others nothing is kept once they are silent for as long as a lost node
     */
    public List<Change> silent(List<NodeRecord> nodes, ReportTiming timing) {
        long now = clock.millis();
        Set<NodeName> known = nodes.stream().map(NodeRecord::name).collect(Collectors.toSet());
        // A request that was under way when its node was deleted may have brought it back. One that joined after the
        // list was
        // read is not silent yet.
        contacts.entrySet()
                .removeIf(entry -> !known.contains(entry.getKey())
                        && now - entry.getValue().lastSeenAt() >= timing.lostAfter());
        List<Change> changes = new ArrayList<>();
        for (NodeRecord node : nodes) {
            long silent = now - of(node.name()).lastSeenAt();
            NodeState next = timing.judge(silent);
            if (isWorse(node, next)) {
                changes.add(new Change(node.name(), node.state(), next, silent));
            }
        }
        return changes;
    }

    /** One that never reported is not silent; one that joined anew may have replicas that nobody hears of. */
    private static boolean isWorse(NodeRecord node, NodeState next) {
        boolean everReported = node.state() != NodeState.JOINED || node.facts() != null;
        return everReported && next != NodeState.READY && next.compareTo(node.state()) > 0;
    }

    /** What is newer than what {@link #markSaved} was last told; for one caller only. */
    public Map<NodeName, Long> unsaved() {
        return contacts.entrySet().stream()
                .filter(entry -> entry.getValue().everHeard()
                        && entry.getValue().lastSeenAt() > saved.getOrDefault(entry.getKey(), 0L))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().lastSeenAt()));
    }

    /** These are stored now; for the caller of {@link #unsaved} only. */
    public void markSaved(Map<NodeName, Long> stored) {
        saved.keySet().retainAll(contacts.keySet());
        saved.putAll(stored);
    }
}
