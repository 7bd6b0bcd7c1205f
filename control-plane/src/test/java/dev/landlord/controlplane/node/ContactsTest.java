package dev.landlord.controlplane.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.controlplane.node.Contact.Said;
import dev.landlord.controlplane.node.Contacts.Listening;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContactsTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final ReportTiming TIMING = ReportTimings.DEFAULT.of(1);
    private static final Listening ALONE = new Listening(0, Map.of());

    private static final NodeFacts FACTS = new NodeFacts(
            1000, 1 << 30, 100, null, "6.1", "v2", "1", List.of(), Map.of(), Map.of(), "127.0.0.1:1", null);

    private final ManualClock clock = new ManualClock();
    private final Contacts contacts = new Contacts(clock, clock, ReportTimings.DEFAULT);

    @Test
    void silentNodeBecomesSuspectThenLost() {
        contacts.of(N1).taken("run", 1, Said.NOTHING, clock.millis());
        clock.pass(TIMING.suspectAfter() - 1);
        assertThat(contacts.silent(List.of(node(NodeState.READY)), TIMING, ALONE))
                .isEmpty();
        clock.pass(1);
        assertThat(contacts.silent(List.of(node(NodeState.READY)), TIMING, ALONE))
                .containsExactly(new Contacts.Change(N1, NodeState.READY, NodeState.SUSPECT, TIMING.suspectAfter()));
        assertThat(contacts.silent(List.of(node(NodeState.SUSPECT)), TIMING, ALONE))
                .isEmpty();
        clock.pass(TIMING.lostAfter());
        assertThat(contacts.silent(List.of(node(NodeState.SUSPECT)), TIMING, ALONE))
                .extracting(Contacts.Change::to)
                .containsExactly(NodeState.LOST);
        assertThat(contacts.silent(List.of(node(NodeState.LOST)), TIMING, ALONE))
                .isEmpty();
    }

    @Test
    void newControlPlaneGivesEveryNodeTheFullTime() {
        NodeRecord heardLongAgo = new NodeRecord(N1, NodeState.READY, null, 0, 5, 0, "", NodeDuty.OPEN, 0, false, null);
        assertThat(contacts.silent(List.of(heardLongAgo), TIMING, ALONE)).isEmpty();
        clock.pass(TIMING.suspectAfter() - 1);
        assertThat(contacts.silent(List.of(heardLongAgo), TIMING, ALONE)).isEmpty();
        assertThat(contacts.lastSeenAt(heardLongAgo)).isEqualTo(5);
    }

    @Test
    void nodeThatNeverReportedIsNotSilent() {
        clock.pass(TIMING.lostAfter());
        assertThat(contacts.silent(List.of(node(NodeState.JOINED)), TIMING, ALONE))
                .isEmpty();
    }

    @Test
    void nodeThatJoinedAnewAndStaysSilentIsLostWithWhatRunsThere() {
        NodeRecord anew = new NodeRecord(N1, NodeState.JOINED, FACTS, 0, 0, 0, "", NodeDuty.OPEN, 0, false, null);
        assertThat(contacts.silent(List.of(anew), TIMING, ALONE))
                .as("it has just joined")
                .isEmpty();
        clock.pass(TIMING.lostAfter());
        assertThat(contacts.silent(List.of(anew), TIMING, ALONE))
                .containsExactly(new Contacts.Change(N1, NodeState.JOINED, NodeState.LOST, TIMING.lostAfter()));
    }

    @Test
    void onlyASilentNodesNameMayBeTakenByAnotherAgent() {
        assertThat(NodeState.values())
                .filteredOn(NodeState::isAtWork)
                .containsExactly(NodeState.READY, NodeState.SUSPECT);
    }

    @Test
    void nodeThatAnotherReplicaHearsOfIsNotSilent() {
        contacts.of(N1).heard(clock.millis());
        clock.pass(TIMING.lostAfter());
        List<NodeRecord> ready = List.of(node(NodeState.READY));
        assertThat(contacts.silent(ready, TIMING, new Listening(0, Map.of(N1, TIMING.suspectAfter() - 1))))
                .isEmpty();
        assertThat(contacts.silent(ready, TIMING, new Listening(0, Map.of(N1, TIMING.suspectAfter()))))
                .containsExactly(new Contacts.Change(N1, NodeState.READY, NodeState.SUSPECT, TIMING.suspectAfter()));
        assertThat(contacts.silent(ready, TIMING, new Listening(0, Map.of(new NodeName("n2"), 0L))))
                .containsExactly(new Contacts.Change(N1, NodeState.READY, NodeState.LOST, TIMING.lostAfter()));
    }

    @Test
    void whoBeginsToLeadGivesEveryNodeTheFullTime() {
        contacts.of(N1).heard(clock.millis());
        clock.pass(TIMING.lostAfter());
        long begin = clock.millis();
        List<NodeRecord> ready = List.of(node(NodeState.READY));
        Map<NodeName, Long> longAgo = Map.of(N1, TIMING.lostAfter());
        clock.pass(TIMING.suspectAfter() - 1);
        assertThat(contacts.silent(ready, TIMING, new Listening(begin, longAgo)))
                .isEmpty();
        clock.pass(1);
        assertThat(contacts.silent(ready, TIMING, new Listening(begin, longAgo)))
                .extracting(Contacts.Change::to)
                .containsExactly(NodeState.SUSPECT);
    }

    /** The node may have said to this replica that it is there, to no other since, and nothing to this one any more. */
    @Test
    void whatTheStoreCallsSilentIsWrittenWhenItIsHeardAgain() {
        contacts.of(N1).markAwake();
        contacts.learn(List.of(node(NodeState.READY)));
        assertThat(contacts.of(N1).isAsleep()).isFalse();
        contacts.learn(List.of(node(NodeState.SUSPECT)));
        assertThat(contacts.of(N1).isAsleep()).isTrue();
    }

    /** Who judges by the store alone has to find there what was granted upon. */
    @Test
    void aReplicaGrantsNoMoreThanWhatItHasStoredCovers() {
        Contact contact = contacts.of(N1);
        contact.heard(clock.millis());
        assertThat(contact.lease(clock.millis(), TIMING, false)).isEqualTo(TIMING.lease());
        assertThat(contact.lease(clock.millis(), TIMING, true))
                .as("nothing is stored")
                .isZero();
        contacts.markSaved(contacts.unsaved(), clock.millis());
        clock.pass(300);
        assertThat(contact.lease(clock.millis(), TIMING, true)).isEqualTo(TIMING.lease() - 300);
        clock.pass(TIMING.lease());
        assertThat(contact.lease(clock.millis(), TIMING, true))
                .as("cut off from the store")
                .isZero();
    }

    @Test
    void onlyWhatIsNewIsSaved() {
        assertThat(contacts.unsaved()).isEmpty();
        contacts.of(N1).heard(clock.millis());
        Map<NodeName, Long> first = contacts.unsaved();
        assertThat(first).containsExactly(Map.entry(N1, clock.millis()));
        contacts.markSaved(first, clock.millis());
        assertThat(contacts.unsaved()).isEmpty();
        clock.pass(1000);
        contacts.of(N1).heard(clock.millis());
        assertThat(contacts.unsaved()).containsExactly(Map.entry(N1, clock.millis()));
    }

    @Test
    void forgetsNodesThatAreGone() {
        assertThat(contacts.of(N1)).isSameAs(contacts.of(N1));
        contacts.forget(N1);
        assertThat(contacts.size()).isZero();
    }

    @Test
    void requestThatWasUnderWayDoesNotBringADeletedNodeBackForEver() {
        contacts.of(N1).heard(clock.millis());
        contacts.learn(List.of());
        assertThat(contacts.size()).as("it may have joined just now").isOne();
        clock.pass(TIMING.lostAfter());
        assertThat(contacts.said(N1)).isEqualTo(Said.NOTHING);
        contacts.learn(List.of());
        assertThat(contacts.size()).isZero();
        assertThat(contacts.said(N1)).isEqualTo(Said.NOTHING);
        assertThat(contacts.size()).as("asking makes none").isZero();
    }

    private static NodeRecord node(NodeState state) {
        return new NodeRecord(N1, state, null, 0, 0, 0, "", NodeDuty.OPEN, 0, false, null);
    }
}
