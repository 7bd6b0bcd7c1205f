package dev.landlord.agent.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.diff.ResourceLimits;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final long PERIOD = 10_000;
    private static final ResourceLimits LIMITS = new ResourceLimits(100, 1 << 20, 5, 100);

    private final Rounds rounds = new Rounds(PERIOD, 3);

    private static List<Watched> groups(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Watched(new TenantName("alice"), new AllocationId("aaaaaaa" + i), 1, LIMITS))
                .toList();
    }

    @Test
    void aGroupHasItsTurnOncePerPeriod() {
        List<Watched> two = groups(2);
        assertThat(rounds.due(two, 1_000)).isEmpty();
        assertThat(rounds.due(two, 1_000 + PERIOD - 1)).isEmpty();
        assertThat(rounds.due(two, 1_000 + PERIOD)).isEqualTo(two);
        assertThat(rounds.due(two, 1_001 + PERIOD)).isEmpty();
        assertThat(rounds.due(two, 1_000 + 2 * PERIOD)).isEqualTo(two);
    }

    @Test
    void aPassIsBoundedAndNobodyIsLeftOut() {
        List<Watched> eight = groups(8);
        rounds.due(eight, 0);
        List<Watched> seen = new ArrayList<>();
        for (int pass = 0; pass < 3; pass++) {
            List<Watched> due = rounds.due(eight, PERIOD + pass);
            assertThat(due).hasSizeBetween(2, 3);
            seen.addAll(due);
        }
        assertThat(seen).as("each once").containsExactlyInAnyOrderElementsOf(eight);
    }

    @Test
    void whoHasWaitedLongestComesFirst() {
        List<Watched> four = groups(4);
        rounds.due(four, 0);
        List<Watched> first = rounds.due(four, PERIOD);
        List<Watched> second = rounds.due(four, 2 * PERIOD);
        assertThat(first).hasSize(3);
        assertThat(second.getFirst()).isNotIn(first);
    }

    @Test
    void otherLimitsAreNoOtherGroup() {
        Watched before = groups(1).getFirst();
        Watched after = new Watched(before.tenant(), before.allocation(), 1, new ResourceLimits(7, 1 << 20, 5, 100));
        rounds.due(List.of(before), 0);
        assertThat(rounds.due(List.of(after), PERIOD)).containsExactly(after);
    }

    @Test
    void aClockThatWasSetBackPutsNothingOff() {
        rounds.due(groups(1), 1_000_000);
        assertThat(rounds.due(groups(1), 5)).hasSize(1);
        assertThat(rounds.due(groups(1), 6)).isEmpty();
    }
}
