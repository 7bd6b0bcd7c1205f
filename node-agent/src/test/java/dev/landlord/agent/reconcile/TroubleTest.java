package dev.landlord.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TroubleTest {
    private final Trouble<String> trouble = new Trouble<>();

    @Test
    void restsLongerWithEachFailureUpToABound() {
        trouble.failed("a", "once", 1_000);
        assertThat(trouble.nextTry(1_000)).isEqualTo(1_250);
        trouble.failed("a", "twice", 1_250);
        assertThat(trouble.nextTry(1_250)).isEqualTo(1_750);
        for (int i = 0; i < 100; i++) {
            trouble.failed("a", "again", 2_000);
        }
        assertThat(trouble.nextTry(2_000)).isEqualTo(2_000 + Trouble.MAX_WAIT_MILLIS);
        assertThat(trouble.resting(2_000)).containsExactly("a");
        assertThat(trouble.resting(2_000 + Trouble.MAX_WAIT_MILLIS)).isEmpty();
        assertThat(trouble.message("a")).isEqualTo("again");
    }

    @Test
    void aClockThatIsSetBackEndsTheRest() {
        trouble.failed("a", "once", 3_600_000);
        assertThat(trouble.resting(1_000)).isEmpty();
        assertThat(trouble.nextTry(1_000)).isEqualTo(Long.MAX_VALUE);
    }
}
