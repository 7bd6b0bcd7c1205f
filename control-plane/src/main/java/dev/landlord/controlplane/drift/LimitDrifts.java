package dev.landlord.controlplane.drift;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.sync.LimitDrift;
import dev.landlord.controlplane.allocation.Allocation;
import dev.landlord.controlplane.allocation.Allocations;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes into histories which limits a node found changed. A node speaks only of tenants that have something on it. */
@Component
public final class LimitDrifts {
    private static final String KIND = "limit-drift";

    private final Allocations allocations;
    private final Events events;

    LimitDrifts(Allocations allocations, Events events) {
        this.allocations = allocations;
        this.events = events;
    }

    /** Within the caller's write. */
    public void tell(JdbcClient writer, NodeName node, List<LimitDrift> drifts) {
        if (drifts.isEmpty()) {
            return;
        }
        List<Allocation> here = allocations.ofNode(writer, node);
        drifts.forEach(drift -> events.append(writer, event(node, drift, here)));
    }

    private static EventRecord event(NodeName node, LimitDrift drift, List<Allocation> here) {
        Optional<Allocation> concerned = here.stream()
                .filter(allocation -> allocation.workload().tenant().equals(drift.tenant()))
                .filter(allocation ->
                        drift.allocation() == null || allocation.id().equals(drift.allocation()))
                .findFirst();
        if (concerned.isEmpty()) {
            return EventRecord.ofNode(KIND, node, "something unknown on node " + node + ": " + message(drift));
        }
        if (drift.allocation() == null) {
            return new EventRecord(
                    KIND,
                    drift.tenant(),
                    null,
                    null,
                    node,
                    "all of tenant " + drift.tenant() + " on node " + node + ": " + message(drift));
        }
        Allocation allocation = concerned.get();
        return new EventRecord(
                KIND,
                drift.tenant(),
                allocation.workload().name(),
                allocation.id(),
                node,
                "replica " + allocation.index() + ": " + message(drift));
    }

    private static String message(LimitDrift drift) {
        return drift.limit() + " was changed from outside: " + drift.file() + " had \"" + drift.found()
                + "\" in place of \"" + drift.wanted() + "\"; " + outcome(drift.failure());
    }

    private static String outcome(@Nullable String failure) {
        return failure == null ? "it was written again" : "it could not be written again: " + failure;
    }
}
