package dev.landlord.cli.command;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.render.Description;
import dev.landlord.cli.render.Fields;
import dev.landlord.cli.render.View;
import dev.landlord.cli.session.Lookup;
import dev.landlord.cli.session.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** All about one thing, and why it is as it is. */
@Command(
        name = "describe",
        description = "Print all about one thing, and why it is as it is.",
        synopsisSubcommandLabel = "KIND")
final class DescribeCommands {
    private static final int EVENTS = 20;

    private final Session session;

    DescribeCommands(Session session) {
        this.session = session;
    }

    @Command(name = "workload", description = "Spec, status, replicas and the last events of a workload.")
    int workload(@Parameters(paramLabel = "NAME") WorkloadName name) {
        TenantName tenant = session.tenant();
        Lookup lookup = new Lookup(session);
        ApiPath path = Session.tenantPath(tenant).child("workloads").child(name);
        JsonNode workload = Session.withTenant(session.client().get(path), tenant);
        List<JsonNode> allocations = lookup.allocationsOf(tenant, name);
        List<JsonNode> events = lookup.lastEvents(tenant, name, EVENTS);
        session.printer().print(whole("workload", workload, "allocations", allocations, events), out -> {
            Description description =
                    new Description(out, session.terminal().clock().instant());
            description.title("Workload", tenant + "/" + name);
            description.status(workload.path("status"));
            description.spec(workload.path("spec"));
            description.section("Allocations", View.ALLOCATIONS, allocations);
            description.section("Events", View.EVENTS, events);
        });
        return 0;
    }

    @Command(name = "allocation", description = "State and the last events of one replica.")
    int allocation(@Parameters(paramLabel = "ID") AllocationId id) {
        JsonNode allocation = new Lookup(session).allocation(id);
        TenantName tenant = new TenantName(Fields.text(allocation, "tenant"));
        WorkloadName workload = new WorkloadName(Fields.text(allocation, "workload"));
        List<JsonNode> events = new Lookup(session)
                .lastEvents(tenant, workload, EVENTS).stream()
                        .filter(event -> {
                            String subject = Fields.text(event, "allocation");
                            return subject.isEmpty() || subject.equals(id.value());
                        })
                        .toList();
        session.printer().print(whole("allocation", allocation, null, List.of(), events), out -> {
            Description description =
                    new Description(out, session.terminal().clock().instant());
            description.title("Allocation", id.value());
            description.fields(allocation, "id");
            description.section("Events", View.EVENTS, events);
        });
        return 0;
    }

    @Command(name = "node", description = "Facts, capabilities and images of a node.")
    int node(@Parameters(paramLabel = "NAME") NodeName name) {
        JsonNode node = session.client().get(ApiPath.of("nodes").child(name));
        session.printer().print(node, out -> {
            Description description =
                    new Description(out, session.terminal().clock().instant());
            description.title("Node", name.value());
            description.fields(node, "name");
        });
        return 0;
    }

    @Command(name = "tenant", description = "Plan, workloads and the last events of a tenant.")
    int tenant(@Parameters(paramLabel = "NAME") TenantName name) {
        ApiPath path = Session.tenantPath(name);
        JsonNode tenant = session.client().get(path);
        List<JsonNode> workloads = session.items(path.child("workloads")).stream()
                .map(workload -> Session.withTenant(workload, name))
                .toList();
        List<JsonNode> events = new Lookup(session).lastEvents(name, null, EVENTS);
        session.printer().print(whole("tenant", tenant, "workloads", workloads, events), out -> {
            Description description =
                    new Description(out, session.terminal().clock().instant());
            description.title("Tenant", name.value());
            description.fields(tenant, "name");
            description.section("Workloads", View.WORKLOADS, workloads);
            description.section("Events", View.EVENTS, events);
        });
        return 0;
    }

    private static ObjectNode whole(
            String kind, JsonNode subject, @Nullable String partsName, List<JsonNode> parts, List<JsonNode> events) {
        ObjectNode whole = JsonMapper.shared().createObjectNode();
        whole.set(kind, subject);
        if (partsName != null) {
            whole.putArray(partsName).addAll(parts);
        }
        whole.putArray("events").addAll(events);
        return whole;
    }
}
