package dev.landlord.controlplane.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WatchersTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Watchers watchers = new Watchers(7, () -> {});

    @Test
    void wakesAllWhoWaitForACommit() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int number = 0; number < 5; number++) {
                all.add(threads.submit(() -> watchers.await("alice", 7, LONG)));
            }
            untilWaiting(5);
            watchers.learn(8);
            for (Future<Boolean> one : all) {
                assertThat(one.get(30, TimeUnit.SECONDS)).isTrue();
            }
        }
        assertThat(watchers.waiting()).isZero();
    }

    @Test
    void doesNotWaitForWhatIsThereNorForWhatNeverWas() throws Exception {
        assertThat(watchers.await("alice", 6, LONG)).isTrue();
        assertThat(watchers.await("alice", 8, LONG))
                .as("of another life of the store")
                .isTrue();
    }

    @Test
    void endsWhenTheTimeIsOver() throws Exception {
        long before = System.nanoTime();
        assertThat(watchers.await("alice", 7, Duration.ofMillis(50))).isTrue();
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(50_000_000);
        assertThat(watchers.waiting()).isZero();
    }

    @Test
    void boundsThoseOfOneAndAll() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int number = 0; number < Watchers.ALL_MAX; number++) {
                String holder = "tenant/" + number / Watchers.EACH_MAX;
                all.add(threads.submit(() -> watchers.await(holder, 7, LONG)));
                untilWaiting(number + 1);
                if (number + 1 == Watchers.EACH_MAX) {
                    assertThat(watchers.await("tenant/0", 7, LONG))
                            .as("one's are all there")
                            .isFalse();
                }
            }
            assertThat(watchers.await("another", 7, LONG)).as("all are there").isFalse();
            watchers.learn(8);
            for (Future<Boolean> one : all) {
                assertThat(one.get(30, TimeUnit.SECONDS)).isTrue();
            }
        }
        assertThat(watchers.waiting()).isZero();
        assertThat(watchers.await("another", 8, Duration.ofMillis(1))).isTrue();
    }

    private void untilWaiting(int number) {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (watchers.waiting() < number) {
            assertThat(System.nanoTime()).as("until %s wait", number).isLessThan(until);
            Thread.onSpinWait();
        }
    }
}
