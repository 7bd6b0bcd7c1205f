package dev.landlord.controlplane.discovery;

import dev.landlord.controlplane.node.Nodes;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.tls.Listener;
import dev.landlord.controlplane.tls.Listeners;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The list for Prometheus. */
@RestController
class TargetController {
    private final Database database;
    private final Nodes nodes;
    private final Listeners listeners;

    TargetController(Database database, Nodes nodes, Listeners listeners) {
        this.database = database;
        this.nodes = nodes;
        this.listeners = listeners;
    }

    @GetMapping(path = "/api/v1/prometheus/targets", produces = MediaType.APPLICATION_JSON_VALUE)
    List<TargetGroup> targets() {
        String own = listeners.name() + ":" + listeners.port(Listener.MANAGEMENT);
        return TargetGroup.all(database.read(nodes::all), own);
    }
}
