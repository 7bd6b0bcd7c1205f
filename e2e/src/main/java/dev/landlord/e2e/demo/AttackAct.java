package dev.landlord.e2e.demo;

import dev.landlord.e2e.report.DemoReport;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Bob's business quiet and under each attack; and what holds Eve. */
final class AttackAct {
    /** Of the quiet work rate; the rest is the price of shared caches and of the kernel's own work for Eve. */
    private static final double KEPT_SHARE = 0.8;
    /** A customer of Bob's may wait for one more turn of the processor, not for more. */
    private static final double MORE_LATENCY_MILLIS = 5;

    private static final Duration WINDOW = Duration.ofSeconds(7);
    private static final long WATCH_MILLIS = 20;

    private final DemoReport report;
    private final Stage stage;

    AttackAct(DemoReport report, Stage stage) {
        this.report = report;
        this.stage = stage;
    }

    void play() throws InterruptedException {
        Business quiet = Business.observe(stage.bob(), WINDOW);
        report.step(
                "Bob's business while all is quiet",
                "customers are served, orders are done",
                quiet::toString,
                observed -> quiet.isOpen());
        for (Attack attack : List.of(Attack.cpu(), Attack.memory(), Attack.forkBomb(), Attack.disk())) {
            underAttack(attack, quiet);
        }
    }

    private void underAttack(Attack attack, Business quiet) throws InterruptedException {
        AttackScene scene = new AttackScene(stage, attack.workload());
        stage.eve().order(attack.workload(), attack.order()).must("start the " + attack.name() + " attack");
        try {
            Business attacked = observeWatched(scene);
            report.step(
                    "Bob's business under Eve's " + attack.name() + " attack",
                    String.format(
                            Locale.ROOT,
                            "at least %.0f %% of %.0f orders/s, latency p50 at most %.1f ms above %.2f ms",
                            100 * KEPT_SHARE,
                            quiet.ordersPerSecond(),
                            MORE_LATENCY_MILLIS,
                            quiet.latencyMillis(0.5)),
                    attacked::toString,
                    observed -> quiet.isOpen()
                            && attacked.isOpen()
                            && attacked.ordersPerSecond() >= KEPT_SHARE * quiet.ordersPerSecond()
                            && attacked.latencyMillis(0.5) <= quiet.latencyMillis(0.5) + MORE_LATENCY_MILLIS);
            report.step(
                    "Eve's " + attack.name() + " attack is contained",
                    attack.bound(),
                    () -> attack.look().apply(scene),
                    attack.contained());
        } finally {
            stage.eve().cancel(attack.workload());
        }
    }

    private Business observeWatched(AttackScene scene) throws InterruptedException {
        CompletableFuture<Business> observed = CompletableFuture.supplyAsync(() -> {
            try {
                return Business.observe(stage.bob(), WINDOW);
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
        });
        while (!observed.isDone()) {
            scene.watch();
            Thread.sleep(WATCH_MILLIS);
        }
        try {
            return observed.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("observe Bob: " + e.getCause(), e);
        }
    }
}
