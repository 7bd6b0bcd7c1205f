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
    }

    /** The mailbox of a node that is known to exist. */
    Mailbox of(NodeName node) {
        return boxes.computeIfAbsent(node, this::open);
    }

    private Mailbox open(NodeName node) {
        // A box that never had a set may be waited at by a node that has just joined.
        boxes.entrySet()
                .removeIf(box ->
                        box.getValue().newest() != null && sets.of(box.getKey()).isEmpty());
        Mailbox box = new Mailbox();
        sets.of(node).ifPresent(box::publish);
        return box;
    }
}
