package dev.landlord.cli.command;

import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.cli.session.Session;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Asks for a restart without a change. */
@Command(name = "restart", description = "Start the programs of a workload again.")
final class RestartCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "WORKLOAD")
    private @Nullable WorkloadName name;

    RestartCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        WorkloadName workload = Objects.requireNonNull(name);
        TenantName tenant = session.tenant();
        session.client()
                .post(Session.tenantPath(tenant)
                        .child("workloads")
                        .child(workload)
                        .action("restart"));
        session.terminal().say("workload " + tenant + "/" + workload + " restarts");
        return 0;
    }
}
