package dev.landlord.controlplane.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.replica.TermRule.Move;
import org.junit.jupiter.api.Test;

class TermRuleTest {
    private static final long NOW = 1_700_000_000_000L;
    private static final TermRule RULE = new TermRule("me", false, 3000);
    private static final LeaderRow OURS = new LeaderRow("me", 4, NOW + 2000);
    private static final LeaderRow THEIRS = new LeaderRow("other", 4, NOW + 2000);

    @Test
    void firstOneTakesIt() {
        assertThat(RULE.decide(new LeaderRow("", 0, 0), NOW, 0)).isEqualTo(new Move.Take(1, NOW + 3000));
    }

    @Test
    void leaderRenewsWithinItsTerm() {
        assertThat(RULE.decide(OURS, NOW, 1000)).isEqualTo(new Move.Renew(NOW + 3000));
        assertThat(RULE.decide(OURS, NOW + 1999, 1000)).isEqualTo(new Move.Renew(NOW + 4999));
    }

    @Test
    void leaderThatCameTooLateBeginsANewTerm() {
        assertThat(RULE.decide(OURS, NOW + 2000, 1000)).isEqualTo(new Move.Take(5, NOW + 5000));
    }

    @Test
    void followerWaitsForTheEndAndNoLonger() {
        assertThat(RULE.decide(THEIRS, NOW, 0)).isEqualTo(new Move.Stay(2000));
        assertThat(RULE.decide(THEIRS, NOW + 1999, 0)).isEqualTo(new Move.Stay(1));
        assertThat(RULE.decide(THEIRS, NOW + 2000, 0)).isEqualTo(new Move.Take(5, NOW + 5000));
    }

    @Test
    void endThatIsFarAwayBecauseTheClockWasSetBackIsNotWaitedFor() {
        LeaderRow far = new LeaderRow("other", 4, NOW + 3_600_000);
        assertThat(RULE.decide(far, NOW, 1000)).isEqualTo(new Move.Stay(2000));
        assertThat(RULE.decide(far, NOW, 3000)).isEqualTo(new Move.Take(5, NOW + 3000));
    }

    @Test
    void replicaThatIsAloneTakesItAtOnceAndRenewsNothing() {
        TermRule alone = new TermRule("me", true, 3000);
        assertThat(alone.decide(THEIRS, NOW, 0)).isEqualTo(new Move.Take(5, NOW + 3000));
        assertThat(alone.decide(OURS, NOW + 9000, 9000)).isEqualTo(new Move.Stay(Long.MAX_VALUE));
    }
}
