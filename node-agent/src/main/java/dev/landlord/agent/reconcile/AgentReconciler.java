package dev.landlord.agent.reconcile;

import dev.landlord.agent.diff.AgentAction;
import dev.landlord.agent.diff.AgentAction.OwnerAction;
import dev.landlord.agent.diff.AgentAction.SandboxAction;
import dev.landlord.agent.diff.AgentDiff;
import dev.landlord.agent.diff.LeaseView;
import dev.landlord.agent.diff.Observation;
import dev.landlord.agent.diff.ObservedSandbox;
import dev.landlord.agent.drift.DriftCheck;
import dev.landlord.agent.health.HealthChecks;
import dev.landlord.agent.ledger.Ledger;
import dev.landlord.agent.metrics.AgentMeters;
import dev.landlord.agent.network.FirewallWatch;
import dev.landlord.agent.network.Surrounding;
import dev.landlord.agent.sandbox.IdRange;
import dev.landlord.agent.sandbox.Residents;
import dev.landlord.agent.sandbox.SandboxExecutor;
import dev.landlord.agent.sandbox.SandboxObserver;
import dev.landlord.agent.sync.NodeState;
import dev.landlord.agent.sync.Wakeup;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.DesiredState;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the host equal to the desired set. Sets and nudges may come from any thread. */
public final class AgentReconciler implements AutoCloseable {
    private static final long PERIOD_MILLIS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(AgentReconciler.class);

    private final SandboxObserver observer;
    private final Residents residents;
    private final Surrounding surrounding;
    private final FirewallWatch firewall;
    private final HealthChecks health;
    private final HostMemory memory;
    private final Intake intake;
    private final Lanes lanes;
    private final Supplier<LeaseView> lease;
    private final Upkeep upkeep;
    private final AgentMeters meters;
    private final InstantSource clock;
    private final Wakeup wakeup = new Wakeup();
    private final List<Runnable> listeners = new ArrayList<>();
    private volatile NodeState state;
    private volatile boolean closed;
    private @Nullable Thread thread;

    /**
     * The parts of the host that the loop works on.
     *
     * @param lease as it is now
     * @param idBlocksInUse first host id of each tenant whose sandboxes run already
     */
    public record Host(
            SandboxObserver observer,
            SandboxExecutor executor,
            Residents residents,
            Surrounding surrounding,
            FirewallWatch firewall,
            DriftCheck drifts,
            Supplier<LeaseView> lease,
            IdRange ids,
            Map<TenantName, Long> idBlocksInUse) {}

    /** Takes up where the ledger ends; nothing is touched before {@link #start}. */
    public AgentReconciler(
            Ledger ledger, Host host, Confirmation confirmation, AgentMeters meters, InstantSource clock) {
        this.observer = host.observer();
        this.residents = host.residents();
        this.surrounding = host.surrounding();
        this.firewall = host.firewall();
        this.lease = host.lease();
        this.health = new HealthChecks(this::nudge);
        this.meters = meters;
        this.clock = clock;
        this.intake = new Intake(confirmation);
        this.lanes = new Lanes(host.executor(), meters, this::nudge);
        this.upkeep = new Upkeep(host.drifts(), lanes, meters);
        List<ObservedSandbox> adopted = observer.observe();
        this.memory = new HostMemory(ledger, host.ids(), host.idBlocksInUse(), adopted);
        Publication first = Publication.of(memory, adopted, null, List.of(), health::of);
        this.state = first.state();
        residents.publish(first.residents());
    }

    /** To be told after each change of {@link #state}; before {@link #start} only. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    public void start() {
        // Observing blocks in native code, so this is no virtual thread.
        thread = Thread.ofPlatform().daemon().name("reconcile").start(this::run);
    }

    /**
     * A desired set arrived; it is judged and followed in the next pass, which comes at once.
     *
     * @param leaseTerm of the lease within which it was asked for and answered
     */
    public void offer(DesiredState desired, long leaseTerm) {
        intake.offer(new Intake.Offer(desired, leaseTerm));
        nudge();
    }

    /** Something may have changed. */
    public void nudge() {
        wakeup.signal();
    }

    /** As of the last pass. */
    public NodeState state() {
        return state;
    }

    /** True while work is under way or its outcome was not looked at yet; for the thread that makes the passes. */
    boolean working() {
        return !lanes.busyAllocations().isEmpty() || !lanes.busyTenants().isEmpty();
    }

    private void run() {
        while (!closed) {
            long wait = PERIOD_MILLIS;
            long begin = System.nanoTime();
            try {
                wait = pass();
                meters.passDone(System.nanoTime() - begin);
            } catch (RuntimeException | Error e) {
                // Also after an error of the machine: a host without its loop would stay as it is for ever.
                meters.passFailed(System.nanoTime() - begin);
                LOG.error("a pass failed, the next one tries again: {}", e.toString(), e);
            }
            try {
                wakeup.await(wait);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /**
     * One pass; takes no hint about what changed.
     *
     * @return how long to sleep if nothing happens, in milliseconds
     */
    long pass() {
        long now = clock.millis();
        List<Outcome> outcomes = lanes.drain();
        memory.absorb(outcomes, now);
        upkeep.absorb(outcomes, now);
        List<ObservedSandbox> sandboxes = observer.observe();
        Intake.Offer next =
                intake.take(memory.accepted(), sandboxes, memory.records().keySet());
        if (next != null) {
            memory.follow(next.set(), next.leaseTerm());
        }
        memory.assignIds();
        surrounding.follow(memory.desired().network(), memory.idBlocks());
        firewall.look(now, meters::dropped);
        health.follow(Checkups.of(sandboxes, memory::assignment));
        Observation observed = memory.observation(sandboxes, lanes, lease.get(), now);
        List<AgentAction> actions = AgentDiff.diff(memory.desired(), observed, now, lanes.free());
        memory.remember(actions);
        List<Lanes.Work> work = work(actions);
        if (!work.isEmpty() || memory.followsUnsaved()) {
            // Nothing is begun, and no set said to be followed, that a successor of this process would not know of.
            memory.saveOrUnlearn(now);
        }
        work.forEach(one -> lanes.submit(one, memory.idBlocks()));
        upkeep.pass(observed, actions, now);
        publish(Publication.of(memory, sandboxes, intake.held(), upkeep.news(), health::of));
        memory.saveInTime(!working(), now);
        meters.standing(
                lanes.busyAllocations().size(),
                state.held() != null,
                state.orphans().size());
        return sleep(actions, now);
    }

    private static List<Lanes.Work> work(List<AgentAction> actions) {
        Map<TenantName, Lanes.Work> byTenant = new LinkedHashMap<>();
        for (AgentAction action : actions) {
            if (action instanceof OwnerAction owner) {
                workOf(owner.tenant(), byTenant).slice().add(owner);
            } else if (action instanceof SandboxAction sandbox) {
                workOf(sandbox.tenant(), byTenant)
                        .allocations()
                        .computeIfAbsent(sandbox.allocation(), id -> new ArrayList<>())
                        .add(sandbox);
            }
        }
        return List.copyOf(byTenant.values());
    }

    private static Lanes.Work workOf(TenantName tenant, Map<TenantName, Lanes.Work> byTenant) {
        return byTenant.computeIfAbsent(tenant, id -> new Lanes.Work(id, new ArrayList<>(), new LinkedHashMap<>()));
    }

    private void publish(Publication publication) {
        residents.publish(publication.residents());
        if (!publication.state().equals(state)) {
            state = publication.state();
            listeners.forEach(Runnable::run);
        }
    }

    private long sleep(List<AgentAction> actions, long now) {
        long until = memory.nextTry(now);
        for (AgentAction action : actions) {
            if (action instanceof AgentAction.WakeAt wake) {
                until = Math.min(until, wake.atMillis());
            }
        }
        return Math.clamp(until - now, 1, PERIOD_MILLIS);
    }

    /** Ends the loop and lets the work under way end; sandboxes run on. */
    @Override
    public void close() {
        closed = true;
        wakeup.signal();
        Thread running = thread;
        if (running != null) {
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        health.close();
        lanes.close();
        memory.absorb(lanes.drain(), clock.millis());
        memory.saveIfChanged(clock.millis());
    }
}
