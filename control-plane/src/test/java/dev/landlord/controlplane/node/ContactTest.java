package dev.landlord.controlplane.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.node.Contact.Said;
import dev.landlord.controlplane.node.Contact.Turn;
import org.junit.jupiter.api.Test;

class ContactTest {
    private static final ReportTiming TIMING = ReportTimings.DEFAULT.of(1);

    private final Contact contact = new Contact(0);

    @Test
    void firstReportMustTellEverything() {
        assertThat(contact.judge("run-1", null, 7, false, 10, TIMING)).isEqualTo(Turn.UNKNOWN_RUN);
        assertThat(contact.judge("run-1", null, 7, true, 10, TIMING)).isEqualTo(Turn.NEXT);
    }

    @Test
    void eachReportIsTakenOnce() {
        contact.taken("run-1", 7, Said.NOTHING, 10);
        assertThat(contact.judge("run-1", null, 7, false, 20, TIMING)).isEqualTo(Turn.REPEATED);
        assertThat(contact.judge("run-1", null, 6, false, 20, TIMING)).isEqualTo(Turn.REPEATED);
        assertThat(contact.judge("run-1", null, 8, false, 20, TIMING)).isEqualTo(Turn.NEXT);
        assertThat(contact.sequence()).isEqualTo(7);
    }

    @Test
    void secondAgentIsRefusedWhileTheFirstReports() {
        contact.taken("run-1", 1, Said.NOTHING, 1000);
        assertThat(contact.judge("run-2", null, 1, true, 1000 + TIMING.suspectAfter() - 1, TIMING))
                .isEqualTo(Turn.OTHER_AGENT);
    }

    @Test
    void restartedAgentIsTakenOnceTheFirstIsSilent() {
        contact.taken("run-1", 9, Said.NOTHING, 1000);
        long later = 1000 + TIMING.suspectAfter();
        assertThat(contact.judge("run-2", null, 1, false, later, TIMING)).isEqualTo(Turn.UNKNOWN_RUN);
        assertThat(contact.judge("run-2", null, 1, true, later, TIMING)).isEqualTo(Turn.NEXT);
    }

    @Test
    void restartedAgentIsTakenAtOnceIfItKnowsWhomItFollows() {
        contact.taken("run-1", 9, Said.NOTHING, 1000);
        assertThat(contact.judge("run-2", "run-1", 1, false, 1001, TIMING)).isEqualTo(Turn.UNKNOWN_RUN);
        assertThat(contact.judge("run-2", "run-1", 1, true, 1001, TIMING)).isEqualTo(Turn.NEXT);
        contact.taken("run-2", 1, Said.NOTHING, 1002);
        assertThat(contact.judge("run-1", "run-0", 10, true, 1003, TIMING))
                .as("the one that was followed is refused if it lives after all")
                .isEqualTo(Turn.OTHER_AGENT);
        assertThat(contact.judge("run-3", "run-1", 1, true, 1003, TIMING))
                .as("a copy of the state directory does not follow, too")
                .isEqualTo(Turn.OTHER_AGENT);
    }
}
