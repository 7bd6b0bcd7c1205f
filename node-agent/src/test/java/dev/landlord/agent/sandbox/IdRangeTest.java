package dev.landlord.agent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.landlord.api.id.TenantName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdRangeTest {
    private static final long BASE = 1_879_048_192L;
    private static final TenantName ALICE = new TenantName("alice");
    private static final TenantName BOB = new TenantName("bob");
    private static final TenantName EVE = new TenantName("eve");

    @Test
    void eachTenantGetsItsOwnBlockAndKeepsIt() {
        IdRange range = new IdRange(BASE, 4 * 65_536);
        Map<TenantName, Long> first = range.assign(Map.of(), List.of(ALICE, BOB));
        assertThat(first).containsEntry(ALICE, BASE).containsEntry(BOB, BASE + 65_536);
        assertThat(range.assign(first, List.of(EVE, BOB)))
                .containsAllEntriesOf(first)
                .containsEntry(EVE, BASE + 2 * 65_536);
    }

    @Test
    void aFreedBlockIsGivenAgainAndAnExhaustedRangeLeavesTheRestWithout() {
        IdRange range = new IdRange(BASE, 2 * 65_536);
        assertThat(range.assign(Map.of(BOB, BASE + 65_536), List.of(EVE, ALICE)))
                .containsOnly(Map.entry(BOB, BASE + 65_536), Map.entry(EVE, BASE));
    }

    @Test
    void blocksOfAnEarlierRangeAreKept() {
        assertThat(new IdRange(BASE, 65_536).assign(Map.of(ALICE, 655_360L), List.of(ALICE, BOB)))
                .containsOnly(Map.entry(ALICE, 655_360L), Map.entry(BOB, BASE));
    }

    @Test
    void badRangesAreRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IdRange(1000, 65_536))
                .withMessageContaining("id-base");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IdRange(BASE, 1))
                .withMessageContaining("id-count");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IdRange(0xFFFF_0000L, 65_536))
                .withMessageContaining("id-base");
    }
}
