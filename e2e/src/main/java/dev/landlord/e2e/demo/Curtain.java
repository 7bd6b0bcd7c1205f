package dev.landlord.e2e.demo;

import dev.landlord.e2e.cluster.Cluster;
import dev.landlord.e2e.cluster.Departure;
import dev.landlord.e2e.cluster.Eventually;
import dev.landlord.e2e.cluster.Prometheus;
import dev.landlord.e2e.cluster.RestClient;
import dev.landlord.e2e.host.Footprint;
import dev.landlord.e2e.host.HostInventory;
import dev.landlord.e2e.host.HostInventory.Kind;
import dev.landlord.e2e.host.HostSweep;
import dev.landlord.e2e.report.DemoReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/** The end: everyone leaves by the door, then the host is compared with how it was before. */
final class Curtain {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** What must be gone as soon as the programs have ended. */
    private static final List<Kind> AFTER_THE_PROGRAMS =
            List.of(Kind.PROCESS, Kind.MOUNT, Kind.NAMESPACE, Kind.NETWORK_LINK, Kind.FIREWALL_TABLE);
    /** What belongs to an installation, and goes with it. */
    private static final List<Kind> AFTER_THE_UNINSTALL = List.of(Kind.CONTROL_GROUP, Kind.FILE);

    private final DemoReport report;
    private final Footprint footprint;
    private final HostInventory before;

    Curtain(DemoReport report, Footprint footprint, HostInventory before) {
        this.report = report;
        this.footprint = footprint;
        this.before = before;
    }

    /** Also when the stage was never complete. */
    void fall(@Nullable Cluster cluster, @Nullable Prometheus prometheus, Scenery scenery) throws InterruptedException {
        report.act("The end: the host is as it was before", () -> {
            try {
                leave(cluster, prometheus);
                scenery.close();
                compare(AFTER_THE_PROGRAMS);
            } finally {
                scenery.close();
                HostSweep.sweep(footprint);
            }
            compare(AFTER_THE_UNINSTALL);
        });
    }

    /** The programs end in the opposite order of their start, also when the tenants do not leave. */
    private void leave(@Nullable Cluster cluster, @Nullable Prometheus prometheus) throws InterruptedException {
        try {
            if (cluster != null) {
                tenantsLeave(cluster);
                groupsOfTenantsAreGone();
            }
        } finally {
            if (cluster != null) {
                cluster.close();
            }
            if (prometheus != null) {
                prometheus.close();
            }
        }
    }

    private void tenantsLeave(Cluster cluster) throws InterruptedException {
        report.step(
                "the operator deletes the workloads and then the tenants",
                "no program and no supervisor of theirs is left",
                () -> {
                    RestClient operator = cluster.operator();
                    Stage.TENANTS.forEach(tenant -> Departure.of(operator, tenant, PATIENCE));
                    return Eventually.observe(PATIENCE, this::sandboxProcesses, NavigableSet::isEmpty)
                            .toString();
                },
                "[]"::equals);
    }

    /** While the agent runs: it is the agent who takes a tenant's slice away, not our sweep. */
    private void groupsOfTenantsAreGone() throws InterruptedException {
        report.step(
                "look for a control group of a tenant who has left",
                "none",
                () -> Eventually.observe(PATIENCE, this::groupsOfTenants, NavigableSet::isEmpty)
                        .toString(),
                "[]"::equals);
    }

    private NavigableSet<String> groupsOfTenants() {
        try {
            return HostInventory.controlGroupsNamed(footprint, Stage.TENANTS);
        } catch (IOException e) {
            throw new UncheckedIOException("look for control groups: " + e.getMessage(), e);
        }
    }

    private NavigableSet<String> sandboxProcesses() {
        try {
            return HostInventory.take(new Footprint(
                            footprint.scratch().resolve("no-such"),
                            footprint.cgroupRoot(),
                            footprint.firstId(),
                            footprint.idCount()))
                    .beyond(before, Kind.PROCESS);
        } catch (IOException e) {
            throw new UncheckedIOException("take the inventory: " + e.getMessage(), e);
        }
    }

    private void compare(List<Kind> kinds) throws IOException, InterruptedException {
        HostInventory after = HostInventory.take(footprint);
        for (Kind kind : kinds) {
            report.step(
                    "look for a " + kind.words() + " that was not there before",
                    "none",
                    () -> {
                        NavigableSet<String> beyond = after.beyond(before, kind);
                        return beyond.isEmpty() ? "none" : String.join("; ", beyond);
                    },
                    "none"::equals);
        }
    }
}
