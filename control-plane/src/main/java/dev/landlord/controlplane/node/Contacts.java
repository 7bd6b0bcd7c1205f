package dev.landlord.controlplane.node;

import dev.landlord.api.id.NodeName;
import dev.landlord.controlplane.clock.SteadyClock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Who was heard of when by this replica, in memory. One that has just begun to lead gives every node the full time to report,
 * because it was the one that could not hear. Thread-safe; holds one entry per node.
 */
@Component
public final class Contacts {
    private final Map<NodeName, Contact> contacts = new ConcurrentHashMap<>();
    private final Map<NodeName, Long> saved = new HashMap<>();
    private final InstantSource clock;
    private final InstantSource timeOfDay;
    private final ReportTimings timings;
    private volatile int nodes;

    /**
     * What else there is to be known of silence.
     *
     * @param since when the listening began, by {@link #now}: nobody was silent before
     * @param elsewhere for how many milliseconds other replicas have not heard of nodes
     */
    public record Listening(long since, Map<NodeName, Long> elsewhere) {
        public Listening {
            elsewhere = Map.copyOf(elsewhere);
        }
    }

    /** A node whose silence has changed what it is. */
    public record Change(NodeName node, NodeState from, NodeState to, long silentMillis) {}

    @Autowired
    Contacts(InstantSource timeOfDay, ReportTimings timings) {
        this(new SteadyClock(timeOfDay, System::nanoTime), timeOfDay, timings);
    }

    /** @param clock never jumps */
    Contacts(InstantSource clock, InstantSource timeOfDay, ReportTimings timings) {
        this.clock = clock;
        this.timeOfDay = timeOfDay;
        this.timings = timings;
    }

    /** Milliseconds of a clock that begins at the time of day and never jumps: by it silence is judged. */
    public long now() {
        return clock.millis();
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

    /** How many nodes there are, with those that report to other replicas. */
    public int size() {
        return Math.max(nodes, contacts.size());
    }

    /** How long ago this was, by the clock of contacts; 0 if it is to come. */
    long millisSince(long at) {
        return Math.max(0, clock.millis() - at);
    }

    /** When a node was last heard of, epoch milliseconds: the newer of what is stored and what is known here. */
    public long lastSeenAt(NodeRecord node) {
        Contact contact = contacts.get(node.name());
        return contact == null || !contact.everHeard()
                ? node.lastSeenAt()
                : Math.max(timeOfDay.millis() - millisSince(contact.lastSeenAt()), node.lastSeenAt());
    }

    /**
     * Learns what is stored of all nodes. Of others nothing is kept once they are silent for as long as a lost node; of one
     * that the store calls silent, the next report is written, whichever replica it said that to before.
     */
    public void learn(List<NodeRecord> all) {
        long now = clock.millis();
        long lostAfter = timing(all.size()).lostAfter();
        nodes = all.size();
        Set<NodeName> known = all.stream().map(NodeRecord::name).collect(Collectors.toSet());
        // A request that was under way when its node was deleted may have brought it back. One that joined after the
        // list was
        // read is not silent yet.
        contacts.entrySet()
                .removeIf(entry -> !known.contains(entry.getKey())
                        && now - entry.getValue().lastSeenAt() >= lostAfter);
        all.stream()
                .filter(node -> node.state() != NodeState.READY)
                .map(node -> contacts.get(node.name()))
                .filter(Objects::nonNull)
                .forEach(Contact::markAsleep);
    }

    /** The nodes that have become silent, or more so. */
    public List<Change> silent(List<NodeRecord> all, ReportTiming timing, Listening listening) {
        long now = clock.millis();
        List<Change> changes = new ArrayList<>();
        for (NodeRecord node : all) {
            long here = now - Math.max(of(node.name()).lastSeenAt(), listening.since);
            long silent = Math.min(here, listening.elsewhere.getOrDefault(node.name(), Long.MAX_VALUE));
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

    /**
     * These are stored now; for the caller of {@link #unsaved} only.
     *
     * @param beganAt when they were asked for, by {@link #now}
     */
    public void markSaved(Map<NodeName, Long> stored, long beganAt) {
        saved.keySet().retainAll(contacts.keySet());
        saved.putAll(stored);
        for (NodeName node : stored.keySet()) {
            Contact contact = contacts.get(node);
            if (contact != null) {
                contact.stored(beganAt);
            }
        }
    }
}
