package dev.landlord.controlplane.discovery;

import dev.landlord.api.node.NodeFacts;
import dev.landlord.controlplane.node.NodeRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One entry of the list, in the form that Prometheus reads. */
record TargetGroup(List<String> targets, Map<String, String> labels) {

    /**
     * The whole list: nodes that have told their address, and all replicas of the control plane.
     *
     * @param controlPlanes host:port of their management listeners
     */
    static List<TargetGroup> all(List<NodeRecord> nodes, Set<String> controlPlanes) {
        List<TargetGroup> groups = new ArrayList<>();
        controlPlanes.forEach(each -> groups.add(of(each, "/actuator/prometheus", Map.of("role", "control-plane"))));
        for (NodeRecord node : nodes) {
            NodeFacts facts = node.facts();
            if (facts != null) {
                Map<String, String> labels = new LinkedHashMap<>();
                labels.put("role", "agent");
                labels.put("node", node.name().value());
                groups.add(of(facts.metricsAddress(), "/metrics", labels));
            }
        }
        return groups;
    }

    private static TargetGroup of(String address, String path, Map<String, String> more) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("__scheme__", "https");
        labels.put("__metrics_path__", path);
        labels.putAll(more);
        return new TargetGroup(List.of(address), labels);
    }
}
