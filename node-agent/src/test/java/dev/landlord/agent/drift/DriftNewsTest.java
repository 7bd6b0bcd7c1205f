package dev.landlord.agent.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.diff.ResourceLimits;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.TenantName;
import dev.landlord.api.sync.LimitDrift;
import dev.landlord.runtime.LimitReading;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DriftNewsTest {
    private static final TenantName ALICE = new TenantName("alice");

    private final DriftNews news = new DriftNews();

    private static Drift drift(String allocation, String found, @Nullable String failure) {
        Watched group = new Watched(ALICE, new AllocationId(allocation), 1, new ResourceLimits(100, 1 << 20, 5, 100));
        return new Drift(group, new LimitReading("pidsMax", "pids.max", "5", found, false), failure);
    }

    @Test
    void aDriftIsToldInTheWordsOfTheContract() {
        news.add(drift("aaaaaaaa1", "max", null), 7);
        assertThat(news.recent())
                .containsExactly(new LimitDrift(
                        ALICE, new AllocationId("aaaaaaaa1"), "pidsMax", "pids.max", "5", "max", null, 7));
    }

    @Test
    void whoeverWritesAgainAndAgainIsToldOfNowAndThen() {
        news.add(drift("aaaaaaaa1", "max", null), 0);
        news.add(drift("aaaaaaaa1", "6", null), 10_000);
        assertThat(news.recent()).hasSize(1);
        news.add(drift("aaaaaaaa1", "6", "it cannot be written"), 20_000);
        news.add(drift("aaaaaaaa2", "6", null), 20_000);
        assertThat(news.recent()).hasSize(3);
        news.add(drift("aaaaaaaa1", "7", null), DriftNews.QUIET_MILLIS);
        assertThat(news.recent()).hasSize(4);
    }

    @Test
    void aClockThatWasSetBackKeepsNothingQuiet() {
        news.add(drift("aaaaaaaa1", "max", null), 1_000_000);
        news.add(drift("aaaaaaaa1", "max", null), 5);
        assertThat(news.recent()).hasSize(2);
    }

    @Test
    void remembersABoundedNumberOfThoseThatWereTold() {
        for (int i = 0; i <= DriftNews.REMEMBERED; i++) {
            news.add(drift("aaaaaaaa" + i, "max", null), 1);
        }
        news.add(drift("aaaaaaaa0", "max", null), 2);
        assertThat(news.recent().getLast().allocation()).isEqualTo(new AllocationId("aaaaaaaa0"));
    }

    @Test
    void onlyTheNewestAreKeptAndTextsAreCut() {
        for (int i = 0; i < 2 * DriftNews.MOST; i++) {
            news.add(drift("aaaaaaaa" + i, "x".repeat(5_000), "y".repeat(5_000)), i);
        }
        assertThat(news.recent()).hasSize(DriftNews.MOST).allSatisfy(told -> {
            assertThat(told.found()).hasSize(LimitDrift.MAX_TEXT);
            assertThat(told.failure()).hasSize(LimitDrift.MAX_TEXT);
        });
        assertThat(news.recent().getLast().atEpochMillis()).isEqualTo(2 * DriftNews.MOST - 1);
    }
}
