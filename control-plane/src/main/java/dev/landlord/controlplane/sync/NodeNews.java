package dev.landlord.controlplane.sync;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.NodeReport.HeldSet;
import dev.landlord.controlplane.drift.LimitDrifts;
import dev.landlord.controlplane.event.EventRecord;
import dev.landlord.controlplane.event.Events;
import dev.landlord.controlplane.node.Contact.Said;
import dev.landlord.controlplane.node.NodeState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes into histories what a report says of its node that was not said before. */
@Component
final class NodeNews {
    private final Events events;
    private final LimitDrifts limitDrifts;

    NodeNews(Events events, LimitDrifts limitDrifts) {
        this.events = events;
        this.limitDrifts = limitDrifts;
    }

    void ready(JdbcClient writer, NodeName node, NodeState was) {
        events.append(
                writer, EventRecord.ofNode("node-ready", node, "node " + node + " reports; it was " + was.wire()));
    }

    void tell(JdbcClient writer, NodeName node, NodeReport report, Said before) {
        tellHeld(writer, node, report.held(), before.held());
        limitDrifts.tell(
                writer,
                node,
                report.drifts().stream()
                        .filter(drift -> !before.drifts().contains(drift))
                        .toList());
        if (!before.orphans().containsAll(report.orphans())) {
            events.append(
                    writer,
                    EventRecord.ofNode(
                            "node-orphans",
                            node,
                            "node " + node + " keeps " + report.orphans().size() + " sandboxes that nobody asked for"));
        }
    }

    private void tellHeld(JdbcClient writer, NodeName node, @Nullable HeldSet held, @Nullable HeldSet before) {
        if (held != null && !Objects.equals(held, before)) {
            events.append(
                    writer,
                    EventRecord.ofNode(
                            "desired-set-held", node, "node " + node + " waits for an operator: " + held.reason()));
        }
    }
}
