package dev.landlord.controlplane.reconcile;

import dev.landlord.api.id.NodeName;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.node.Contacts;
import dev.landlord.controlplane.node.Contacts.Listening;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.node.Nodes;
import dev.landlord.controlplane.node.ReportTiming;
import dev.landlord.controlplane.node.Sightings;
import dev.landlord.controlplane.replica.Term;
import dev.landlord.controlplane.scheduler.Plan.Brake;
import dev.landlord.controlplane.store.Database;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Marks nodes that no replica hears of any more. For one thread. */
@Component
final class NodeWatch {
    private final Database database;
    private final Nodes nodes;
    private final Contacts contacts;
    private final Sightings sightings;
    private final Events events;
    private final Map<NodeName, Sighting> stored = new HashMap<>();
    private final LongestSilence longest = new LongestSilence();
    private boolean braked;
    private long epoch;
    private long listeningSince;

    NodeWatch(Database database, Nodes nodes, Contacts contacts, Sightings sightings, Events events) {
        this.database = database;
        this.nodes = nodes;
        this.contacts = contacts;
        this.sightings = sightings;
        this.events = events;
    }

    /** Looks once by right of the term; the nodes may be a little old, because every change is conditional. */
    void look(Term term, List<NodeRecord> known, Brake brake) {
        if (term.epoch() != epoch) {
            epoch = term.epoch();
            listeningSince = contacts.now();
            stored.clear();
            longest.beginAnew();
            braked = false;
        }
        tellBrake(term, brake);
        List<Contacts.Change> changes =
                contacts.silent(known, timing(term, known.size()), new Listening(listeningSince, elsewhere()));
        if (!changes.isEmpty()) {
            term.write(writer -> {
                changes.forEach(change -> {
                    if (nodes.changeState(writer, change.node(), change.from(), change.to())) {
                        events.append(
                                writer,
                                EventRecord.ofNode(
                                        "node-" + change.to().wire(),
                                        change.node(),
                                        "node " + change.node() + " has not reported for " + change.silentMillis()
                                                + " ms"));
                    }
                });
                return changes.size();
            });
            changes.forEach(change -> contacts.of(change.node()).markAsleep());
        }
    }

    private ReportTiming timing(Term term, int size) {
        ReportTiming timing = contacts.timing(size);
        long before = database.read(sightings::lostAfter);
        if (longest.isOver(before, timing.lostAfter(), contacts.now())) {
            term.write(writer -> {
                sightings.lowerLostAfter(writer, before, timing.lostAfter());
                return true;
            });
        }
        return timing.lostNoSoonerThan(before);
    }

    /**
     * What the store says of a node.
     *
     * @param at by a clock that may jump
     * @param foundAt when it was first found to say so, by one that does not
     */
    private record Sighting(long at, long foundAt) {}

    /** For how long the store has said the same. It never seems longer than it is that a replica has stored what it heard. */
    private Map<NodeName, Long> elsewhere() {
        if (!database.isShared()) {
            return Map.of();
        }
        long now = contacts.now();
        Map<NodeName, Long> newest = database.read(sightings::stored);
        stored.keySet().retainAll(newest.keySet());
        Map<NodeName, Long> silences = new HashMap<>();
        newest.forEach((node, at) -> {
            Sighting before = stored.get(node);
            Sighting last = before == null || before.at != at ? new Sighting(at, contacts.now()) : before;
            stored.put(node, last);
            silences.put(node, Math.max(0, now - last.foundAt));
        });
        return silences;
    }

    private void tellBrake(Term term, Brake brake) {
        if (brake.engaged() == braked) {
            return;
        }
        String missing = brake.missing() + " of " + brake.nodes() + " nodes are missing";
        EventRecord event = brake.engaged()
                ? EventRecord.ofSystem(
                        "mass-loss-brake-engaged",
                        missing
                                + " at once: nothing of them is replaced until fewer are, or an operator confirms the loss")
                : EventRecord.ofSystem("mass-loss-brake-released", missing + ": what is lost is replaced");
        term.write(writer -> {
            events.append(writer, event);
            return true;
        });
        braked = brake.engaged();
    }
}
