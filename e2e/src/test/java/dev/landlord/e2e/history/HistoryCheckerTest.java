package dev.landlord.e2e.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.e2e.history.Event.Change;
import dev.landlord.e2e.history.Event.Outcome;
import dev.landlord.e2e.history.Event.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryCheckerTest {
    private static final String SHOP = "/shop";
    private static final State ONE = new State(1, 0, 17);
    private static final State TWO = new State(2, 0, 18);
    private static final State RESTARTED = new State(2, 1, 18);

    private final List<Event> events = new ArrayList<>();
    private final List<Entry> log = new ArrayList<>();
    private State end = State.ABSENT;

    @Test
    void whatWasDoneAndSeenInOrderIsClean() {
        look("a", 0, State.ABSENT);
        put("r1", Outcome.ACKNOWLEDGED, 1, 17);
        look("a", 1, ONE);
        put("r2", Outcome.ACKNOWLEDGED, 3, 18);
        look("b", 2, TWO);
        restart("r3", Outcome.UNKNOWN, 2);
        look("a", 3, RESTARTED);
        delete("r4", Outcome.ACKNOWLEDGED, 1);
        look("a", 4, State.ABSENT);
        done("r1", ONE);
        done("r2", TWO);
        done("r3", RESTARTED);
        done("r4", State.ABSENT);
        assertThat(judge()).isEqualTo(new Verdict(3, List.of(), List.of(), List.of()));
    }

    @Test
    void whatIsAcknowledgedAndNotInTheLogIsLost() {
        put("r1", Outcome.ACKNOWLEDGED, 1, 17);
        put("r2", Outcome.ACKNOWLEDGED, 1, 18);
        done("r2", TWO);
        end = TWO;
        Verdict verdict = judge();
        assertThat(verdict.lost()).singleElement().asString().contains("r1").contains("not in the log");
        assertThat(verdict.isClean()).isFalse();
    }

    @Test
    void whatHasAKeyOrWasSentOnceAndIsInTheLogTwiceIsDuplicated() {
        put("r1", Outcome.ACKNOWLEDGED, 1, 17);
        restart("r2", Outcome.ACKNOWLEDGED, 5);
        done("r1", ONE);
        done("r1", ONE);
        done("r2", new State(1, 1, 17));
        done("r2", new State(1, 2, 17));
        end = new State(1, 2, 17);
        assertThat(judge().duplicated()).hasSize(2);
    }

    /** Without a condition a late try may well come after another change; nobody promised otherwise. */
    @Test
    void whatWasSentAgainWithoutAConditionMayBeDoneAgain() {
        events.add(new Change("alice", SHOP, "r1", "PUT", Outcome.ACKNOWLEDGED, false, 2, 17));
        put("r2", Outcome.ACKNOWLEDGED, 1, 18);
        done("r1", ONE);
        done("r2", TWO);
        done("r1", new State(3, 0, 17));
        end = new State(3, 0, 17);
        assertThat(judge().isClean()).isTrue();
    }

    @Test
    void aReadThatGoesBehindAnEarlierOneIsAViolation() {
        look("a", 2, TWO);
        look("b", 1, ONE);
        done("r1", ONE);
        done("r2", TWO);
        end = TWO;
        known("r1", "r2");
        assertThat(judge().violations()).singleElement().asString().contains("is older than");
    }

    @Test
    void aReadThatGoesBehindWhatWasAcknowledgedIsAViolation() {
        put("r1", Outcome.ACKNOWLEDGED, 1, 17);
        look("b", 1, State.ABSENT);
        done("r1", ONE);
        end = ONE;
        assertThat(judge().violations()).singleElement().asString().contains("is older than");
    }

    @Test
    void aReadOfWhatNeverWasIsAViolation() {
        look("a", 1, TWO);
        assertThat(judge().violations()).singleElement().asString().contains("was never after");
    }

    @Test
    void anIndexThatGoesBackAtOneReplicaIsAViolationAndAtAnotherIsNot() {
        look("a", 5, State.ABSENT);
        look("b", 4, State.ABSENT);
        look("a", Reading.NO_INDEX, State.ABSENT);
        assertThat(judge().isClean()).isTrue();
        look("a", 4, State.ABSENT);
        assertThat(judge().violations()).singleElement().asString().contains("index 4 after 5");
    }

    @Test
    void whatIsRefusedAndDoneIsAViolation() {
        put("r1", Outcome.REFUSED, 1, 17);
        done("r1", ONE);
        end = ONE;
        assertThat(judge().violations()).singleElement().asString().contains("refused, and done");
    }

    @Test
    void anEndThatIsNotTheLastChangeIsAViolation() {
        put("r1", Outcome.ACKNOWLEDGED, 1, 17);
        done("r1", ONE);
        end = TWO;
        assertThat(judge().violations()).singleElement().asString().contains("ended as");
    }

    @Test
    void whatLeftSomethingElseThanWasWrittenIsAViolation() {
        put("r1", Outcome.ACKNOWLEDGED, 1, 17);
        done("r1", new State(1, 0, 99));
        end = new State(1, 0, 99);
        assertThat(judge().violations()).singleElement().asString().contains("wrote 17");
    }

    @Test
    void aChangeThatNobodyAskedForIsAViolation() {
        done("r9", ONE);
        end = ONE;
        assertThat(judge().violations()).singleElement().asString().contains("by no client");
    }

    @Test
    void whatWasDoneBeforeAnEarlierChangeOfTheSameClientIsAViolation() {
        put("r1", Outcome.ACKNOWLEDGED, 1, 17);
        put("r2", Outcome.ACKNOWLEDGED, 1, 18);
        done("r2", TWO);
        done("r1", ONE);
        end = ONE;
        assertThat(judge().violations()).anyMatch(words -> words.contains("was done before"));
    }

    private Verdict judge() {
        return HistoryChecker.judge(events, log, Map.of(SHOP, end));
    }

    private void put(String id, Outcome outcome, int tries, int mark) {
        events.add(new Change("alice", SHOP, id, "PUT", outcome, true, tries, mark));
    }

    private void restart(String id, Outcome outcome, int tries) {
        events.add(new Change("alice", SHOP, id, "POST", outcome, true, tries, null));
    }

    private void delete(String id, Outcome outcome, int tries) {
        events.add(new Change("alice", SHOP, id, "DELETE", outcome, true, tries, null));
    }

    private void look(String replica, long index, State state) {
        events.add(new Reading("alice", SHOP, replica, index, state));
    }

    /** Somebody else's changes. */
    private void known(String... ids) {
        for (String id : ids) {
            events.add(new Change("bob", SHOP, id, "PUT", Outcome.UNKNOWN, true, 1, null));
        }
    }

    private void done(String id, State after) {
        log.add(new Entry(log.size() + 1L, id, SHOP, after));
    }
}
