package dev.landlord.controlplane.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LongestSilenceTest {
    private final LongestSilence silence = new LongestSilence();

    @Test
    void aShorterOneIsWaitedForUntilNoLeaseOfTheLongerOneCanBeHeld() {
        assertThat(silence.isOver(60_000, 60_000, 0)).isFalse();
        assertThat(silence.isOver(60_000, 9_000, 10)).isFalse();
        assertThat(silence.isOver(60_000, 9_000, 120_009)).isFalse();
        assertThat(silence.isOver(60_000, 9_000, 120_010)).isTrue();
    }

    /** Another replica still has the old setting, and grants by it. */
    @Test
    void whoGrantsLongerAgainIsWaitedForAgain() {
        silence.isOver(60_000, 9_000, 0);
        assertThat(silence.isOver(9_000, 9_000, 120_000)).isFalse();
        assertThat(silence.isOver(60_000, 9_000, 120_500)).isFalse();
        assertThat(silence.isOver(60_000, 9_000, 240_499)).isFalse();
    }

    @Test
    void whoBeginsToLeadWaitsTheWholeTime() {
        silence.isOver(60_000, 9_000, 0);
        silence.beginAnew();
        assertThat(silence.isOver(60_000, 9_000, 120_000)).isFalse();
    }
}
