package dev.landlord.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final List<FaultKind> ALL = List.of(FaultKind.values());

    @Test
    void theSameSeedGivesTheSameFaultsAndAnotherOneOthers() {
        assertThat(Schedule.of(7, ALL)).isEqualTo(Schedule.of(7, ALL)).isNotEqualTo(Schedule.of(8, ALL));
    }

    @Test
    void eachKindComesOnceAndNoneBeginsBeforeTheOneBeforeHasEnded() {
        for (int seed = 0; seed < 100; seed++) {
            List<Fault> faults = Schedule.of(seed, ALL);
            assertThat(faults).extracting(Fault::kind).containsExactlyInAnyOrderElementsOf(ALL);
            IntStream.range(1, faults.size()).forEach(i -> {
                Fault before = faults.get(i - 1);
                assertThat(faults.get(i).atMillis()).isGreaterThan(before.atMillis() + before.lengthMillis());
            });
        }
    }

    @Test
    void noneLastsLongerThanIsAllowed() {
        assertThat(Schedule.of(1, ALL, 3_000)).allMatch(fault -> fault.lengthMillis() <= 3_000);
    }

    @Test
    void whicheverIsPickedIsOneOfThem() {
        Fault fault = new Fault(FaultKind.KILL_AGENT, 0, 1, 5);
        assertThat(fault.pickOf(3)).isEqualTo(2);
        assertThat(fault.pickOf(1)).isZero();
    }
}
