package dev.landlord.cli.command;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.PlanName;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.id.WorkloadName;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.failure.ExitCode;
import dev.landlord.cli.session.Patience;
import dev.landlord.cli.session.Session;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
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
            Patience.until(session, seconds, "workload " + name + " is gone", () -> isGone(path));
        }
        session.terminal().say("workload " + tenant + "/" + name + " deleted");
        return 0;
    }

    private boolean isGone(ApiPath path) {
        try {
            session.client().get(path);
            return false;
        } catch (CommandFailure e) {
            if (e.code() == ExitCode.NOT_FOUND) {
                return true;
            }
            throw e;
        }
    }

    @Command(name = "tenant", description = "Delete a tenant with all that it has.")
    int tenant(
            @Parameters(paramLabel = "NAME") TenantName name,
            @Option(
                            names = {"-y", "--yes"},
                            description = "do not ask")
                    boolean yes) {
        confirm("Delete tenant " + name + " with all its workloads and data?", yes);
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

    @Command(name = "node", description = "Forget a node, its token too.")
    int node(
            @Parameters(paramLabel = "NAME") NodeName name,
            @Option(
                            names = {"-y", "--yes"},
                            description = "do not ask")
                    boolean yes) {
        confirm("Forget node " + name + "?", yes);
        session.client().delete(ApiPath.of("nodes").child(name));
        session.terminal().say("node " + name + " deleted");
        return 0;
    }

    /** Asks only where a person can answer; a script that says delete means it. */
    private void confirm(String question, boolean yes) {
        if (yes || !session.terminal().interactive()) {
            return;
        }
        session.terminal().err().print(question + " [y/N] ");
        session.terminal().err().flush();
        if (!readLine(session.terminal().in()).strip().equalsIgnoreCase("y")) {
            throw new CommandFailure(ExitCode.FAILED, "not done");
        }
    }

    private static String readLine(InputStream in) {
        StringBuilder line = new StringBuilder();
        try {
            for (int next = in.read(); next >= 0 && next != '\n' && line.length() < 100; next = in.read()) {
                line.append((char) next);
            }
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot read the answer: " + e, e);
        }
        return new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
