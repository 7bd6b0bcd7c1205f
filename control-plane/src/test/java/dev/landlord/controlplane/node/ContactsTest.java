package dev.landlord.controlplane.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.controlplane.node.Contact.Said;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContactsTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final ReportTiming TIMING = ReportTimings.DEFAULT.of(1);

    private static final NodeFacts FACTS =
            new NodeFacts(1000, 1 << 30, 100, "6.1", "v2", "1", List.of(), Map.of(), Map.of(), "127.0.0.1:1", null);

    private final ManualClock clock = new ManualClock();
    private final Contacts contacts = new Contacts(clock, ReportTimings.DEFAULT);

    @Test
    void silentNodeBecomesSuspectThenLost() {
        contacts.of(N1).taken("run", 1, Said.NOTHING, clock.millis());
        clock.pass(TIMING.suspectAfter() - 1);
        assertThat(contacts.silent(List.of(node(NodeState.READY)), TIMING)).isEmpty();
        clock.pass(1);
        assertThat(contacts.silent(List.of(node(NodeState.READY)), TIMING))
                .containsExactly(new Contacts.Change(N1, NodeState.READY, NodeState.SUSPECT, TIMING.suspectAfter()));
        assertThat(contacts.silent(List.of(node(NodeState.SUSPECT)), TIMING)).isEmpty();
        clock.pass(TIMING.lostAfter());
        assertThat(contacts.silent(List.of(node(NodeState.SUSPECT)), TIMING))
                .extracting(Contacts.Change::to)
                .containsExactly(NodeState.LOST);
        assertThat(contacts.silent(List.of(node(NodeState.LOST)), TIMING)).isEmpty();
    }

    @Test
    void newControlPlaneGivesEveryNodeTheFullTime() {
        NodeRecord heardLongAgo = new NodeRecord(N1, NodeState.READY, null, 0, 5, 0, "", NodeDuty.OPEN, 0, false, null);
        assertThat(contacts.silent(List.of(heardLongAgo), TIMING)).isEmpty();
        clock.pass(TIMING.suspectAfter() - 1);
        assertThat(contacts.silent(List.of(heardLongAgo), TIMING)).isEmpty();
        assertThat(contacts.isReporting(heardLongAgo, TIMING)).isTrue();
        assertThat(contacts.lastSeenAt(heardLongAgo)).isEqualTo(5);
    }

    @Test
    void nodeThatNeverReportedIsNeitherSilentNorInTheWay() {
        clock.pass(TIMING.lostAfter());
        assertThat(contacts.silent(List.of(node(NodeState.JOINED)), TIMING)).isEmpty();
        assertThat(new Contacts(clock, ReportTimings.DEFAULT).isReporting(node(NodeState.JOINED), TIMING))
                .isFalse();
    }

    @Test
    void nodeThatJoinedAnewAndStaysSilentIsLostWithWhatRunsThere() {
        NodeRecord anew = new NodeRecord(N1, NodeState.JOINED, FACTS, 0, 0, 0, "", NodeDuty.OPEN, 0, false, null);
        assertThat(contacts.silent(List.of(anew), TIMING))
                .as("it has just joined")
                .isEmpty();
        clock.pass(TIMING.lostAfter());
        assertThat(contacts.silent(List.of(anew), TIMING))
                .containsExactly(new Contacts.Change(N1, NodeState.JOINED, NodeState.LOST, TIMING.lostAfter()));
    }

    @Test
    void lostNodeMayJoinAgain() {
        contacts.of(N1).taken("run", 1, Said.NOTHING, clock.millis());
        clock.pass(TIMING.lostAfter() - 1);
        assertThat(contacts.isReporting(node(NodeState.SUSPECT), TIMING)).isTrue();
        clock.pass(1);
        assertThat(contacts.isReporting(node(NodeState.LOST), TIMING)).isFalse();
    }

    @Test
    void onlyWhatIsNewIsSaved() {
        assertThat(contacts.unsaved()).isEmpty();
        contacts.of(N1).heard(clock.millis());
        Map<NodeName, Long> first = contacts.unsaved();
        assertThat(first).containsExactly(Map.entry(N1, clock.millis()));
        contacts.markSaved(first);
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
        contacts.silent(List.of(), TIMING);
        assertThat(contacts.size()).as("it may have joined just now").isOne();
        clock.pass(TIMING.lostAfter());
        assertThat(contacts.said(N1)).isEqualTo(Said.NOTHING);
        contacts.silent(List.of(), TIMING);
        assertThat(contacts.size()).isZero();
        assertThat(contacts.said(N1)).isEqualTo(Said.NOTHING);
        assertThat(contacts.size()).as("asking makes none").isZero();
    }

    private static NodeRecord node(NodeState state) {
        return new NodeRecord(N1, state, null, 0, 0, 0, "", NodeDuty.OPEN, 0, false, null);
    }
}
