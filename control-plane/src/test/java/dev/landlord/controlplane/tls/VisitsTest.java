package dev.landlord.controlplane.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class VisitsTest {
    private static final long FIRST = 10;
    private static final long NEXT = 70;

    private final Visits<String> visits = new Visits<>(FIRST, NEXT);

    @Test
    void whoAsksForNothingIsToldOnceToGo() {
        visits.opened("silent", 0);
        visits.opened("later", 5);
        assertThat(visits.expired(FIRST - 1)).isEmpty();
        assertThat(visits.expired(FIRST)).containsExactly("silent");
        assertThat(visits.expired(FIRST)).isEmpty();
        assertThat(visits.size()).isEqualTo(1);
    }

    @Test
    void whoWaitsForAnAnswerMayWaitForEver() {
        visits.opened("waiting", 0);
        visits.begun("waiting");
        assertThat(visits.expired(1_000_000)).isEmpty();
    }

    @Test
    void afterAnAnswerTheNextRequestMayBeLongInComing() {
        visits.opened("kept", 0);
        visits.begun("kept");
        visits.ended("kept", Visits.Rest.KEPT, 100);
        assertThat(visits.expired(100 + NEXT - 1)).isEmpty();
        assertThat(visits.expired(100 + NEXT)).containsExactly("kept");
    }

    @Test
    void aStrangerWhoWasRefusedGetsNoMoreTimeThanAtFirst() {
        visits.opened("stranger", 0);
        visits.begun("stranger");
        visits.ended("stranger", Visits.Rest.REFUSED, 100);
        assertThat(visits.expired(100 + FIRST)).containsExactly("stranger");
    }

    @Test
    void whatHasAPurposeBeyondItsRequestStays() {
        visits.opened("stream", 0);
        visits.begun("stream");
        visits.ended("stream", Visits.Rest.STAYING, 1);
        assertThat(visits.expired(1_000_000)).isEmpty();
    }

    @Test
    void whoIsGoneIsForgotten() {
        visits.opened("gone", 0);
        visits.opened("here", 0);
        visits.retain(Set.of("here"));
        visits.begun("gone");
        visits.ended("gone", Visits.Rest.STAYING, 1);
        assertThat(visits.size()).isEqualTo(1);
        assertThat(visits.expired(FIRST)).containsExactly("here");
    }

    @Test
    void theClockMayRunOverItsEnd() {
        visits.opened("silent", Long.MAX_VALUE - 1);
        assertThat(visits.expired(Long.MAX_VALUE)).isEmpty();
        assertThat(visits.expired(Long.MIN_VALUE + FIRST)).containsExactly("silent");
    }
}
