package dev.landlord.controlplane.discovery;

import dev.landlord.controlplane.node.Nodes;
import dev.landlord.controlplane.replica.Replicas;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.tls.Listener;
import dev.landlord.controlplane.tls.Listeners;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The list for Prometheus. */
@RestController
class TargetController {
    private final Database database;
    private final Nodes nodes;
    private final Replicas replicas;
    private final Listeners listeners;

    TargetController(Database database, Nodes nodes, Replicas replicas, Listeners listeners) {
        this.database = database;
        this.nodes = nodes;
        this.replicas = replicas;
        this.listeners = listeners;
    }

    @GetMapping(path = "/api/v1/prometheus/targets", produces = MediaType.APPLICATION_JSON_VALUE)
    List<TargetGroup> targets() {
        return database.read(reader -> TargetGroup.all(nodes.all(reader), controlPlanes(reader)));
    }

    /** This one also when it has not been able to store that it is there. */
    private Set<String> controlPlanes(JdbcClient reader) {
        Set<String> addresses = replicas.present(reader).stream()
                .map(replica -> replica.name() + ":" + replica.managementPort())
                .collect(Collectors.toCollection(TreeSet::new));
        addresses.add(listeners.name() + ":" + listeners.port(Listener.MANAGEMENT));
        return addresses;
    }
}
