package dev.landlord.agent.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackOffTest {
    @Test
    void doublesWithinBoundsAndBeginsAnew() {
        for (int seed = 0; seed < 100; seed++) {
            BackOff backOff = new BackOff(100, new SplittableRandom(seed));
            long[] bounds = {100, 200, 400, 800, 1_000, 1_000};
            for (long bound : bounds) {
                assertThat(backOff.nextMillis(1_000)).as("seed %d", seed).isBetween(bound / 2, bound);
            }
            backOff.succeeded();
            assertThat(backOff.nextMillis(1_000)).as("seed %d", seed).isBetween(50L, 100L);
        }
    }
}
