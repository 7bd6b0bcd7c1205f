package dev.landlord.controlplane.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTimingTest {
    @ParameterizedTest
    @CsvSource({"0, 1000", "1, 1000", "1000, 1000", "5000, 5000"})
    void heartbeatsOfTheWholeFleetAreBounded(int nodes, long intervalMillis) {
        assertThat(ReportTimings.DEFAULT.of(nodes).nextReport()).isEqualTo(intervalMillis);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 5000})
    void agentGivesUpBeforeItIsGivenUp(int nodes) {
        ReportTiming timing = ReportTimings.DEFAULT.of(nodes);
        assertThat(timing.suspectAfter()).isGreaterThan(2 * timing.nextReport());
        assertThat(timing.lease()).isGreaterThan(timing.suspectAfter());
        assertThat(timing.lostAfter() - timing.lease())
                .isGreaterThanOrEqualTo(timing.nextReport() + timing.lostAfter() / 50);
    }

    @Test
    void lossOfOneOfAThousandNodesIsNoticedWithinTenSeconds() {
        assertThat(ReportTimings.DEFAULT.of(1000).lostAfter()).isLessThan(10_000);
    }

    @ParameterizedTest
    @CsvSource({"0, READY", "2999, READY", "3000, SUSPECT", "8999, SUSPECT", "9000, LOST", "900000, LOST"})
    void silenceIsJudged(long silentMillis, NodeState expected) {
        assertThat(ReportTimings.DEFAULT.of(1).judge(silentMillis)).isEqualTo(expected);
    }
}
