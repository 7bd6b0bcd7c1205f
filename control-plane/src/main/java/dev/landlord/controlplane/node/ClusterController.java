package dev.landlord.controlplane.node;

import dev.landlord.api.id.NodeName;
import dev.landlord.controlplane.audit.Trail;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.store.Database;
import java.util.List;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What an operator decides about all nodes at once. */
@RestController
class ClusterController {
    private final Database database;
    private final Nodes nodes;
    private final Events events;

    ClusterController(Database database, Nodes nodes, Events events) {
        this.database = database;
        this.nodes = nodes;
        this.events = events;
    }

    /** The nodes whose loss was confirmed by the call. */
    record Confirmed(List<NodeName> nodes) {}

    /** What is lost now is replaced, even if it is so much that the brake holds it; what is lost later is not meant. */
    @PostMapping("/api/v1/cluster:replace-lost")
    Confirmed replaceLost(Trail trail) {
        return database.write(writer -> {
            List<NodeName> confirmed = nodes.confirmLosses(writer);
            confirmed.forEach(node -> events.append(
                    writer,
                    EventRecord.ofNode(
                            "node-loss-confirmed", node, "an operator confirmed that node " + node + " is lost")));
            trail.change(null, new Confirmed(confirmed));
            return new Confirmed(confirmed);
        });
    }
}
