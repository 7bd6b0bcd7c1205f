package dev.landlord.controlplane;

import dev.landlord.controlplane.network.ClusterAddresses;
import dev.landlord.controlplane.network.Subnet;
import dev.landlord.controlplane.node.NodeRecord;
import dev.landlord.controlplane.node.Nodes;
import dev.landlord.controlplane.store.Database;
import org.springframework.stereotype.Component;

/**
 * Refuses to start with other addresses than those that nodes were given: they would have sandboxes outside of what every
 * firewall takes for the cluster. Another size of the parts is none of it; a node keeps the part that it has.
 */
@Component
final class GivenAddresses {
    GivenAddresses(Database database, Nodes nodes, ClusterAddresses addresses) {
        for (NodeRecord node : database.read(nodes::all)) {
            Subnet given = node.subnet();
            if (given != null && !addresses.cluster().contains(given)) {
                throw new StartRefused(
                        "landlord.network.cluster-cidr " + addresses.cluster() + " does not have " + given
                                + ", which node " + node.name() + " was given.",
                        "Set it to what it was, or to a prefix that has all that was given; or delete the node with the"
                                + " settings of before.");
            }
        }
    }
}
