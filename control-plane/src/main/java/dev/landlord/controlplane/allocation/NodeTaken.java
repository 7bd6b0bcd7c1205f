package dev.landlord.controlplane.allocation;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.workload.Resources;
import dev.landlord.controlplane.node.NodeUse;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Sums up what allocations hold of each node. */
@Component
final class NodeTaken implements NodeUse {
    private final Allocations allocations;
    private final Templates templates;

    NodeTaken(Allocations allocations, Templates templates) {
        this.allocations = allocations;
        this.templates = templates;
    }

    @Override
    public Map<NodeName, Taken> taken(JdbcClient reader) {
        return allocations.all(reader).stream()
                .filter(allocation -> !allocation.gone())
                .collect(Collectors.toMap(
                        Allocation::node, allocation -> of(allocation.template().resources()), NodeTaken::plus));
    }

    @Override
    public int allocations(JdbcClient reader, NodeName node) {
        return reader.sql("SELECT count(*) FROM allocation WHERE node = ?")
                .param(node.value())
                .query(Integer.class)
                .single();
    }

    @Override
    public void abandon(JdbcClient writer, NodeName node) {
        writer
                .sql("DELETE FROM allocation WHERE node = ? RETURNING template")
                .param(node.value())
                .query(String.class)
                .list()
                .stream()
                .distinct()
                .forEach(template -> templates.sweep(writer, template));
    }

    private static Taken of(Resources resources) {
        return new Taken(1, resources.cpuMillis(), resources.memoryBytes(), resources.pids(), resources.swap());
    }

    private static Taken plus(Taken one, Taken other) {
        return new Taken(
                one.allocations() + other.allocations(),
                one.cpuMillis() + other.cpuMillis(),
                one.memoryBytes() + other.memoryBytes(),
                one.pids() + other.pids(),
                one.swapBytes() + other.swapBytes());
    }
}
