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
        boxes.keySet().removeIf(other -> sets.of(other).isEmpty());
        Mailbox box = new Mailbox();
        sets.of(node).ifPresent(box::publish);
        return box;
    }
}
