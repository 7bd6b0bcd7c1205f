package dev.landlord.controlplane.reconcile;

import dev.landlord.api.id.NodeName;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.node.Contacts;
import dev.landlord.controlplane.node.Contacts.Listening;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.node.Nodes;
import dev.landlord.controlplane.node.Sightings;
import dev.landlord.controlplane.replica.Term;
import dev.landlord.controlplane.scheduler.Plan.Brake;
import dev.landlord.controlplane.store.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Marks nodes that no replica hears of any more. For one thread. */
@Component
final class NodeWatch {
    /** Other replicas store what they heard once a second, and their word takes its time too. */
    private static final long STORED_LATE_MILLIS = 1500;

    private final Database database;
    private final Nodes nodes;
    private final Contacts contacts;
    private final Sightings sightings;
    private final Events events;
    private final InstantSource clock;
    private boolean braked;
    private long epoch;
    private long listeningSince;

    NodeWatch(
            Database database,
            Nodes nodes,
            Contacts contacts,
            Sightings sightings,
            Events events,
            InstantSource clock) {
        this.database = database;
        this.nodes = nodes;
        this.contacts = contacts;
        this.sightings = sightings;
        this.events = events;
        this.clock = clock;
    }

    /** Looks once by right of the term; the nodes may be a little old, because every change is conditional. */
    void look(Term term, List<NodeRecord> known, Brake brake) {
        if (term.epoch() != epoch) {
            epoch = term.epoch();
            listeningSince = clock.millis();
            braked = false;
        }
        tellBrake(term, brake);
        List<Contacts.Change> changes =
                contacts.silent(known, contacts.timing(known.size()), new Listening(listeningSince, elsewhere()));
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

    private Map<NodeName, Long> elsewhere() {
        return database.isShared()
                ? database.read(sightings::silences).entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> Math.max(0, entry.getValue() - STORED_LATE_MILLIS)))
                : Map.of();
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
