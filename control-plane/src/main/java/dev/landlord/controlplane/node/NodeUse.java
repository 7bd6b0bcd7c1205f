package dev.landlord.controlplane.node;

import dev.landlord.api.id.NodeName;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Says what of each node is taken; the port through which this room learns of allocations without knowing them. */
public interface NodeUse {
    /** Nodes without allocations may be missing. Called inside a read or write; must not call the database again. */
    Map<NodeName, Taken> taken(JdbcClient reader);

    /** How many allocations the store has of a node, also such as are gone and not forgotten yet. Called likewise. */
    int allocations(JdbcClient reader, NodeName node);

    /** Forgets all allocations of a node that will not come back. Called inside a write. */
    void abandon(JdbcClient writer, NodeName node);

    /** What allocations that are not gone hold of a node. */
    record Taken(int allocations, long cpuMillis, long memoryBytes, long pids, long swapBytes) {
        public static final Taken NOTHING = new Taken(0, 0, 0, 0, 0);
    }
}
