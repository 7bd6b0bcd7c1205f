package dev.landlord.controlplane.sync;

import dev.landlord.api.id.NodeName;
import dev.landlord.controlplane.allocation.DesiredSets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** One mailbox per node that has joined. */
@Component
final class Mailboxes {
    private final Map<NodeName, Mailbox> boxes = new ConcurrentHashMap<>();
    private final DesiredSets sets;

    Mailboxes(DesiredSets sets) {
        this.sets = sets;
        sets.onPublish((node, state) -> of(node).publish(state));
        sets.onForget(this::dismiss);
    }

    /** The mailbox of a node that is known to exist. */
    Mailbox of(NodeName node) {
        if (!boxes.containsKey(node)) {
            sweep();
        }
        return boxes.computeIfAbsent(node, this::open);
    }

    /** Not while a box is being made: the map must not be changed meanwhile. */
    private void sweep() {
        // A box that never had a set may be waited at by a node that has just joined.
        boxes.entrySet()
                .removeIf(box ->
                        box.getValue().newest() != null && sets.of(box.getKey()).isEmpty());
    }

    /** Whoever waits at the box asks again, and finds a new one. */
    private void dismiss(NodeName node) {
        Mailbox box = boxes.remove(node);
        if (box != null) {
            box.dismiss();
        }
    }

    private Mailbox open(NodeName node) {
        Mailbox box = new Mailbox();
        sets.of(node).ifPresent(box::publish);
        return box;
    }

    /** Whoever has this name now is another, and must not be told what was meant for the one before. */
    void forget(NodeName node) {
        sets.forget(node);
        boxes.remove(node);
    }
}
