package dev.landlord.e2e.chaos;

import dev.landlord.e2e.cluster.Agent;
import dev.landlord.e2e.cluster.Eventually;
import dev.landlord.e2e.cluster.Replica;
import dev.landlord.e2e.cluster.TimedDeployment;
import dev.landlord.e2e.fairness.Storm;
import dev.landlord.e2e.fault.Fault;
import dev.landlord.e2e.host.HostCommand;
import dev.landlord.e2e.host.ProcessEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Does to a site what a fault says, with the means of a host: signals, cables, disks, a tracer. Not thread-safe. */
final class Breaker {
    private static final int STORM_MOST = 2000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Site site;
    private final TimedDeployment eve;
    private @Nullable Replica starting;

    Breaker(Site site, TimedDeployment eve) {
        this.site = site;
        this.eve = eve;
    }

    Breakage strike(Fault fault) throws IOException, InterruptedException {
        return switch (fault.kind()) {
            case KILL_LEADER -> kill(site.leader());
            case KILL_FOLLOWER -> kill(site.follower());
            case FREEZE_LEADER -> freeze(site.leader());
            case KILL_AGENT -> killAgent(agent(fault));
            case KILL_SUPERVISOR -> killSupervisor(fault);
            case KILL_DATABASE -> killDatabase();
            case CUT_HOST -> cut(agent(fault).host().name(), site.numberOf(agent(fault)));
            case CUT_LEADER -> cut(site.leader().name(), site.numberOf(site.leader()));
            case CUT_DATABASE -> cut("database", site.databaseHost());
            case SLOW_FSYNC -> slowFsync();
            case FULL_DATABASE_DISK -> fillDatabase();
            case FULL_AGENT_DISK -> fillAgent(agent(fault));
            case STORM -> storm();
        };
    }

    private Agent agent(Fault fault) {
        return site.agents().get(fault.pickOf(site.agents().size()));
    }

    private Breakage kill(Replica replica) {
        replica.process().killHard();
        return new Breakage(replica.name(), () -> {
            replica.begin();
            starting = replica;
            return "";
        });
    }

    /** Waits until two control planes are there, so that the next fault does not strike the only one. */
    void prepare() throws InterruptedException {
        if (starting != null) {
            starting.awaitReady();
            starting = null;
        }
    }

    private static Breakage freeze(Replica replica) {
        String pid = Long.toString(replica.process().pid());
        HostCommand.must(List.of("kill", "-STOP", pid));
        return new Breakage(replica.name(), () -> {
            HostCommand.must(List.of("kill", "-CONT", pid));
            return "";
        });
    }

    private Breakage killAgent(Agent agent) {
        agent.process().killHard();
        return new Breakage(agent.host().name(), () -> {
            site.beginAgain(agent);
            return "";
        });
    }

    /** Of any sandbox that runs now; it is for the agent to notice. */
    private Breakage killSupervisor(Fault fault) throws InterruptedException {
        List<ProcessEntry> all = Eventually.observe(PATIENCE, this::supervisors, found -> !found.isEmpty());
        if (all.isEmpty()) {
            throw new IllegalStateException("no supervisor runs");
        }
        ProcessEntry one = all.get(fault.pickOf(all.size()));
        ProcessHandle.of(one.pid()).ifPresent(ProcessHandle::destroyForcibly);
        return new Breakage("supervisor " + one.pid(), () -> "");
    }

    private List<ProcessEntry> supervisors() {
        return ProcessEntry.all()
                .filter(process ->
                        process.cgroups().contains("/" + site.footprint().cgroupRoot() + "/")
                                && process.cgroups().contains("/supervisors"))
                .toList();
    }

    private Breakage killDatabase() {
        site.database().killHard();
        return new Breakage("database", this::restartDatabase);
    }

    private String restartDatabase() throws IOException, InterruptedException {
        if (site.database().isAlive()) {
            return "it ran on";
        }
        site.database().start();
        return "it was started again";
    }

    private Breakage cut(String target, int number) {
        site.rack().cut(number);
        return new Breakage(target, () -> {
            site.rack().mend(number);
            return "";
        });
    }

    private Breakage slowFsync() throws IOException {
        Path log = site.footprint().scratch().resolve("strace.log");
        SlowSync slow = SlowSync.of(site.database().processes(), log);
        return new Breakage("database", () -> {
            boolean traced = slow.isTracing();
            slow.close();
            return traced ? "" : "the tracer had ended by itself";
        });
    }

    private Breakage fillDatabase() throws IOException {
        Ballast ballast = new Ballast(site.database().disk());
        long bytes = ballast.fill();
        return new Breakage("database", () -> {
            ballast.free();
            return "filled with " + bytes + " bytes; " + restartDatabase();
        });
    }

    private Breakage fillAgent(Agent agent) throws IOException {
        Ballast ballast = new Ballast(site.diskOf(agent));
        long bytes = ballast.fill();
        return new Breakage(agent.host().name(), () -> {
            ballast.free();
            return "filled with " + bytes + " bytes; the agent "
                    + (agent.process().isAlive() ? "ran on" : "ended");
        });
    }

    private Breakage storm() {
        Storm storm = new Storm(eve, STORM_MOST, 0);
        return new Breakage("everybody", () -> {
            storm.close();
            return "answers to Eve by status: " + storm.answers();
        });
    }
}
