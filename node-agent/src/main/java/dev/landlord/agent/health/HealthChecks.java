package dev.landlord.agent.health;

import dev.landlord.api.id.AllocationId;
import dev.landlord.api.sync.ObservedHealth;
import dev.landlord.api.workload.HealthCheck;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Checks every replica that asks for it, each at its own pace. Thread-safe. */
public final class HealthChecks implements AutoCloseable {
    private final Runnable onChange;
    private final Knock knock = new Knock();
    private final Map<AllocationId, Watch> watches = new ConcurrentHashMap<>();

    /** @param onChange told after each change of {@link #of}, from any thread; must return at once */
    public HealthChecks(Runnable onChange) {
        this.onChange = onChange;
    }

    /**
     * What is to be checked.
     *
     * @param run number of the sandbox: another run begins anew
     */
    public record Target(int run, String address, HealthCheck check) {}

    private static final class Watch {
        final Target target;
        final Thread thread;
        volatile HealthRecord record = HealthRecord.FRESH;

        Watch(Target target, Thread thread) {
            this.target = target;
            this.thread = thread;
        }
    }

    /** Checks these from now on and no others. */
    public synchronized void follow(Map<AllocationId, Target> targets) {
        Map<AllocationId, Watch> gone = new HashMap<>(watches);
        targets.forEach((id, target) -> {
            Watch watch = gone.get(id);
            if (watch != null && watch.target.equals(target)) {
                gone.remove(id);
            }
        });
        gone.forEach((id, watch) -> {
            watches.remove(id, watch);
            watch.thread.interrupt();
        });
        targets.forEach((id, target) -> {
            if (!watches.containsKey(id)) {
                start(id, target);
            }
        });
    }

    private void start(AllocationId id, Target target) {
        // It only sleeps and waits for sockets, so it need not be a platform thread.
        Thread thread = Thread.ofVirtual().name("health-" + id).unstarted(() -> watch(id));
        watches.put(id, new Watch(target, thread));
        thread.start();
    }

    private void watch(AllocationId id) {
        Watch watch = watches.get(id);
        while (watch != null && watches.get(id) == watch) {
            try {
                HealthCheck check = watch.target.check();
                boolean passed = knock.passes(watch.target.address(), check);
                HealthRecord before = watch.record;
                watch.record = before.after(passed, check);
                if (watch.record.health() != before.health()) {
                    onChange.run();
                }
                Thread.sleep(check.intervalMillis());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Null for one that is not checked. */
    public @Nullable ObservedHealth of(AllocationId id) {
        Watch watch = watches.get(id);
        return watch == null ? null : watch.record.health();
    }

    @Override
    public synchronized void close() {
        follow(Map.of());
        knock.close();
    }
}
