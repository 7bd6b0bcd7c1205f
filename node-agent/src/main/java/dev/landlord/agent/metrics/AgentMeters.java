package dev.landlord.agent.metrics;

import dev.landlord.runtime.Lease;
import dev.landlord.runtime.SandboxRuntime;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** The agent's own health in numbers. Thread-safe. */
public final class AgentMeters {
    private final MeterRegistry registry;
    private final InstantSource clock;
    private final Counter passes;
    private final Counter failedPasses;
    private final Timer passDuration;
    private final Counter reports;
    private final Counter failedReports;
    private final Counter renewals;
    private final Counter failedRenewals;
    private final Counter unreadable;
    private final Counter limitChecks;
    private final AtomicLong lastSuccess = new AtomicLong();
    private final AtomicLong lastReport = new AtomicLong();
    private final AtomicLong backlog = new AtomicLong();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong orphans = new AtomicLong();
    private final Map<String, AtomicLong> dropped = new ConcurrentHashMap<>();

    public AgentMeters(MeterRegistry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
        passes = counter(MetricNames.PASSES, "Passes of the reconcile loop.", "ok");
        failedPasses = counter(MetricNames.PASSES, "Passes of the reconcile loop.", "failed");
        reports = counter(MetricNames.REPORTS, "Reports to the control plane.", "ok");
        failedReports = counter(MetricNames.REPORTS, "Reports to the control plane.", "failed");
        renewals = counter(MetricNames.RENEWALS, "Tries to renew the node's certificate.", "ok");
        failedRenewals = counter(MetricNames.RENEWALS, "Tries to renew the node's certificate.", "failed");
        passDuration = Timer.builder(MetricNames.PASS_DURATION)
                .description("Duration of one pass of the reconcile loop.")
                .register(registry);
        unreadable = Counter.builder(MetricNames.UNREADABLE)
                .description("Sandboxes left out of a scrape because they could not be read.")
                .register(registry);
        limitChecks = Counter.builder(MetricNames.LIMIT_CHECKS)
                .description("Control groups whose limits were compared with what they should be.")
                .register(registry);
        seconds(MetricNames.LAST_SUCCESS, "When a pass last succeeded.", lastSuccess);
        seconds(MetricNames.LAST_REPORT, "When a report was last taken.", lastReport);
        gauge(MetricNames.BACKLOG, "Allocations with work under way.", backlog);
        gauge(MetricNames.HELD, "1 while a desired set waits for an operator.", held);
        gauge(MetricNames.ORPHANS, "Sandboxes that no desired set knows.", orphans);
    }

    private Counter counter(String name, String help, String outcome) {
        return Counter.builder(name)
                .description(help)
                .tag(MetricNames.OUTCOME, outcome)
                .register(registry);
    }

    private void gauge(String name, String help, AtomicLong value) {
        Gauge.builder(name, value, AtomicLong::doubleValue).description(help).register(registry);
    }

    private void seconds(String name, String help, AtomicLong millis) {
        Gauge.builder(name, millis, value -> value.get() / 1e3)
                .description(help)
                .baseUnit("seconds")
                .register(registry);
    }

    public void passDone(long nanos) {
        passes.increment();
        passDuration.record(nanos, TimeUnit.NANOSECONDS);
        lastSuccess.set(clock.millis());
    }

    public void passFailed(long nanos) {
        failedPasses.increment();
        passDuration.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** What is left to do and what stands out, after a pass. */
    public void standing(int allocationsBusy, boolean setHeld, int orphanCount) {
        backlog.set(allocationsBusy);
        held.set(setHeld ? 1 : 0);
        orphans.set(orphanCount);
    }

    /**
     * Since the firewall was last put up.
     *
     * @param packets by one of the few reasons that the runtime has
     */
    public void dropped(Map<String, Long> packets) {
        packets.forEach((reason, count) ->
                dropped.computeIfAbsent(reason, this::droppedFor).set(count));
    }

    private AtomicLong droppedFor(String reason) {
        AtomicLong count = new AtomicLong();
        FunctionCounter.builder(MetricNames.DROPPED, count, AtomicLong::doubleValue)
                .description("Packets of sandboxes that were dropped.")
                .tag(MetricNames.REASON, reason)
                .register(registry);
        return count;
    }

    public void reported(boolean taken) {
        (taken ? reports : failedReports).increment();
        if (taken) {
            lastReport.set(clock.millis());
        }
    }

    public void renewed(boolean done) {
        (done ? renewals : failedRenewals).increment();
    }

    /** @param endMillis end of the certificate in use, epoch milliseconds; asked for at each scrape */
    public void watchCertificate(LongSupplier endMillis) {
        Gauge.builder(MetricNames.CERTIFICATE_EXPIRY, endMillis, value -> value.getAsLong() / 1e3)
                .description("When the certificate by which the control plane knows this node ends.")
                .baseUnit("seconds")
                .strongReference(true)
                .register(registry);
    }

    /** @param runtime has the lease, and is asked at each scrape; the registry does not keep it alive */
    public void watchLease(SandboxRuntime runtime) {
        Gauge.builder(MetricNames.LEASE_REMAINING, runtime, its -> remainingSeconds(its.lease()))
                .description("For how long this host may yet run what must not run twice.")
                .baseUnit("seconds")
                .register(registry);
        FunctionCounter.builder(
                        MetricNames.LEASE_TERMS, runtime, its -> its.lease().term())
                .description("How often the lease began anew since the host was started.")
                .register(registry);
    }

    private static double remainingSeconds(Lease lease) {
        return Math.max(0, lease.deadlineNanos() - lease.nowNanos()) / 1e9;
    }

    /** @param count asked for at each scrape */
    public void watchStreams(IntSupplier count) {
        Gauge.builder(MetricNames.STREAMS, count, IntSupplier::getAsInt)
                .description("Streams that are open.")
                .strongReference(true)
                .register(registry);
    }

    void unreadable() {
        unreadable.increment();
    }

    public void limitsChecked(int groups) {
        limitChecks.increment(groups);
    }

    /** @param limit one of the few components of the runtime's limits */
    public void drifted(String limit, boolean repaired) {
        Counter.builder(MetricNames.LIMIT_DRIFTS)
                .description("Limits found changed from outside.")
                .tag(MetricNames.LIMIT, limit)
                .tag(MetricNames.OUTCOME, repaired ? "repaired" : "failed")
                .register(registry)
                .increment();
    }

    /** @param operation one of the few names of actions */
    public void operation(String operation, boolean good, long nanos) {
        Timer.builder(MetricNames.OPERATION_DURATION)
                .description("Duration of one operation of the runtime.")
                .tag(MetricNames.OPERATION, operation)
                .tag(MetricNames.OUTCOME, good ? "ok" : "failed")
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Epoch milliseconds of the last good pass; 0 before the first. */
    public long lastSuccessMillis() {
        return lastSuccess.get();
    }
}
