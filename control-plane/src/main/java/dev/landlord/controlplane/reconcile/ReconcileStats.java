package dev.landlord.controlplane.reconcile;

import dev.landlord.controlplane.scheduler.Plan.Brake;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.springframework.stereotype.Component;

/** How the loop is doing, and the state that it saw last. Written by the loop alone; readable by anyone at any time. */
@Component
public final class ReconcileStats {
    /** Upper bounds of the duration's buckets in seconds; the last bucket has none. */
    public static final List<Double> BUCKETS =
            List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5);

    private volatile View view = View.NOTHING_YET;

    /**
     * All figures as of one moment.
     *
     * @param durations number of passes by bucket of {@link #BUCKETS} and above
     * @param lastSuccessAt epoch milliseconds, 0 if never
     */
    public record View(
            long passes,
            long failures,
            long applied,
            long stale,
            List<Long> durations,
            double durationSecondsSum,
            long lastSuccessAt,
            ClusterState state,
            Brake brake) {
        static final View NOTHING_YET =
                new View(0, 0, 0, 0, Collections.nCopies(BUCKETS.size() + 1, 0L), 0, 0, ClusterState.EMPTY, Brake.NONE);

        public View {
            durations = List.copyOf(durations);
        }
    }

    public View view() {
        return view;
    }

    void succeeded(ClusterReconciler.Pass pass, double seconds, long now) {
        View old = view;
        List<Long> durations = new ArrayList<>(old.durations);
        int bucket = 0;
        while (bucket < BUCKETS.size() && seconds > BUCKETS.get(bucket)) {
            bucket++;
        }
        durations.set(bucket, durations.get(bucket) + 1);
        view = new View(
                old.passes + 1,
                old.failures,
                old.applied + pass.applied(),
                old.stale + pass.stale(),
                durations,
                old.durationSecondsSum + seconds,
                now,
                pass.state(),
                pass.plan().brake());
    }

    void failed() {
        View old = view;
        view = new View(
                old.passes,
                old.failures + 1,
                old.applied,
                old.stale,
                old.durations,
                old.durationSecondsSum,
                old.lastSuccessAt,
                old.state,
                old.brake);
    }
}
