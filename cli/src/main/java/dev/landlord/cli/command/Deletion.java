package dev.landlord.cli.command;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.PlanName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.session.Lookup;
import dev.landlord.cli.session.Patience;
import dev.landlord.cli.session.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The opposite of apply. */
@Command(name = "delete", description = "Delete something.", synopsisSubcommandLabel = "KIND")
final class Deletion {
    private final Session session;

    Deletion(Session session) {
        this.session = session;
    }

    @Command(name = "workload", description = "Stop all replicas of a workload and forget it.")
    int workload(
            @Parameters(paramLabel = "NAME") WorkloadName name,
            @Option(names = "--wait", description = "until nothing of it is left") boolean wait,
            @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "120", description = "with --wait")
                    int seconds) {
        TenantName tenant = session.tenant();
        ApiPath path = Session.tenantPath(tenant).child("workloads").child(name);
        session.client().delete(path);
        if (wait) {
            Lookup lookup = new Lookup(session);
            Patience.until(session, seconds, "workload " + name + " is gone", () -> !lookup.exists(path));
        }
        session.terminal().say("workload " + tenant + "/" + name + " deleted");
        return 0;
    }

    @Command(name = "tenant", description = "Delete a tenant with all that it has.")
    int tenant(@Parameters(paramLabel = "NAME") TenantName name, @Mixin Consent consent) {
        consent.ask(session, "Delete tenant " + name + " with all its workloads and data?");
        session.client().delete(Session.tenantPath(name));
        session.terminal().say("tenant " + name + " deleted");
        return 0;
    }

    @Command(name = "plan", description = "Delete a plan that no tenant has.")
    int plan(@Parameters(paramLabel = "NAME") PlanName name) {
        session.client().delete(ApiPath.of("plans").child(name));
        session.terminal().say("plan " + name + " deleted");
        return 0;
    }

    @Command(name = "node", description = "Forget a node; its certificates are worthless then.")
    int node(
            @Parameters(paramLabel = "NAME") NodeName name,
            @Option(
                            names = "--abandon",
                            description = {
                                "also what a lost node had: its replicas are placed anew. Be sure that the host is off:",
                                "what still runs on it is known to nobody then"
                            })
                    boolean abandon,
            @Mixin Consent consent) {
        consent.ask(session, "Forget node " + name + (abandon ? " and give up what it has?" : "?"));
        ApiPath path = ApiPath.of("nodes").child(name);
        session.client().delete(abandon ? path.query("abandon", true) : path);
        session.terminal().say("node " + name + " deleted");
        return 0;
    }
}
