package dev.landlord.controlplane.reconcile;

import dev.landlord.api.id.NodeName;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.node.Contacts;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.node.Nodes;
import dev.landlord.controlplane.scheduler.Plan.Brake;
import dev.landlord.controlplane.store.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Marks nodes that have become silent, and stores once in a while when each was last heard of. For one thread. */
@Component
final class NodeWatch {
    private static final long SAVE_INTERVAL_MILLIS = 10_000;

    private final Database database;
    private final Nodes nodes;
    private final Contacts contacts;
    private final Events events;
    private final InstantSource clock;
    private long savedAt;
    private boolean braked;

    NodeWatch(Database database, Nodes nodes, Contacts contacts, Events events, InstantSource clock) {
        this.database = database;
        this.nodes = nodes;
        this.contacts = contacts;
        this.events = events;
        this.clock = clock;
        this.savedAt = clock.millis();
    }

    /** Looks once; the nodes may be a little old, because every change is conditional. */
    void look(List<NodeRecord> known, Brake brake) {
        tellBrake(brake);
        List<Contacts.Change> changes = contacts.silent(known, contacts.timing(known.size()));
        if (!changes.isEmpty()) {
            database.write(writer -> {
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
        saveLastSeen();
    }

    private void tellBrake(Brake brake) {
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
        database.write(writer -> {
            events.append(writer, event);
            return true;
        });
        braked = brake.engaged();
    }

    private void saveLastSeen() {
        long now = clock.millis();
        if (now - savedAt < SAVE_INTERVAL_MILLIS) {
            return;
        }
        Map<NodeName, Long> unsaved = contacts.unsaved();
        if (!unsaved.isEmpty()) {
            database.write(writer -> {
                nodes.saveLastSeen(writer, unsaved);
                return unsaved.size();
            });
            contacts.markSaved(unsaved);
        }
        savedAt = now;
    }
}
