package dev.landlord.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RenewalTimeTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void isAtTwoThirdsOfTheLifeOrALittleBefore() {
        Instant end = BEGIN.plus(Duration.ofDays(30));
        assertThat(RenewalTime.due(BEGIN, end, 0)).isEqualTo(BEGIN.plus(Duration.ofDays(20)));
        assertThat(RenewalTime.due(BEGIN, end, 1))
                .isBetween(BEGIN.plus(Duration.ofDays(17)).minusSeconds(1), BEGIN.plus(Duration.ofDays(17)));
        assertThat(RenewalTime.due(BEGIN, BEGIN.plusSeconds(30), 0)).isEqualTo(BEGIN.plusSeconds(20));
    }

    @Test
    void leavesRoomForSeveralTriesBeforeTheEnd() {
        assertThat(RenewalTime.longestWait(BEGIN, BEGIN.plusSeconds(40))).isEqualTo(Duration.ofSeconds(2));
        assertThat(RenewalTime.longestWait(BEGIN, BEGIN.plus(Duration.ofDays(30))))
                .isEqualTo(Duration.ofHours(1));
    }
}
