package dev.landlord.agent.diff;

import static dev.landlord.agent.diff.DiffFixtures.ALICE;
import static dev.landlord.agent.diff.DiffFixtures.assignment;
import static dev.landlord.agent.diff.DiffFixtures.with;
import static dev.landlord.agent.diff.DiffFixtures.withCounter;
import static dev.landlord.agent.diff.DiffFixtures.withRareTerms;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.diff.ObservedSandbox.Phase;
import dev.landlord.agent.diff.Verdict.Accepted;
import dev.landlord.agent.diff.Verdict.Held;
import dev.landlord.agent.diff.Verdict.Refused;
import dev.landlord.agent.diff.Verdict.Unchanged;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.id.Generation;
import dev.landlord.api.sync.Assignment;
import dev.landlord.api.sync.DesiredState;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DesiredGateTest {
    private static List<Assignment> assignments(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> assignment(new AllocationId("alloc" + (1000 + i)), ALICE))
                .toList();
    }

    private static DesiredState set(String generation, List<Assignment> assignments) {
        return new DesiredState(Generation.parse(generation), assignments, Set.of(), null);
    }

    private static Verdict judge(
            @Nullable DesiredState accepted, DesiredState incoming, int live, @Nullable String confirmed) {
        List<ObservedSandbox> sandboxes = assignments(0, live).stream()
                .map(a -> new ObservedSandbox(a.allocation(), 1, ALICE, Phase.RUNNING, 1, 0, null))
                .toList();
        Set<AllocationId> known =
                sandboxes.stream().map(ObservedSandbox::allocation).collect(Collectors.toSet());
        Generation token = confirmed == null ? null : Generation.parse(confirmed);
        return DesiredGate.judge(accepted, incoming, sandboxes, known, token);
    }

    @Test
    void theFirstSetIsAccepted() {
        assertThat(judge(null, set("db-1:1", List.of()), 10, null)).isEqualTo(new Accepted());
    }

    @Test
    void anOlderSetIsRefusedAndTheSameIsUnchanged() {
        DesiredState accepted = set("db-1:5", assignments(0, 1));
        assertThat(judge(accepted, set("db-1:4", assignments(0, 1)), 1, "db-1:4"))
                .isInstanceOf(Refused.class);
        assertThat(judge(accepted, accepted, 1, null)).isEqualTo(new Unchanged());
        assertThat(judge(accepted, set("db-1:6", assignments(0, 1)), 1, null)).isEqualTo(new Accepted());
    }

    /** It was accepted by an agent of an older version, which kept what it knew. */
    @Test
    void theSameSetIsAcceptedAgainIfMoreOfItIsUnderstood() {
        Assignment kept = assignments(0, 1).getFirst();
        DesiredState accepted = set("db-1:5", List.of(kept));
        assertThat(judge(accepted, set("db-1:5", List.of(withRareTerms(kept, 500, 50))), 1, null))
                .isEqualTo(new Accepted());
    }

    /** Two stores of one life, of which one is an older copy, come to give the same number to different sets. */
    @Test
    void theSameSetWithOtherWorkIsRefused() {
        List<Assignment> three = assignments(0, 3);
        DesiredState accepted = set("db-1:5", three);
        Assignment first = three.getFirst();
        List<Assignment> stopped = List.of(with(first, Assignment.Desired.STOPPED), three.get(1), three.get(2));
        List<Assignment> restarted = List.of(withCounter(first, 9), three.get(1), three.get(2));
        for (List<Assignment> other : List.of(three.subList(0, 2), stopped, restarted, assignments(1, 3))) {
            assertThat(judge(accepted, set("db-1:5", other), 3, null)).isInstanceOf(Refused.class);
        }
        assertThat(judge(accepted, DiffFixtures.frozen(accepted, ALICE), 3, null))
                .isInstanceOf(Refused.class);
    }

    @Test
    void aNewIncarnationIsHeldUntilThisVeryGenerationIsConfirmed() {
        DesiredState accepted = set("db-1:5", assignments(0, 1));
        DesiredState restored = set("db-2:9", assignments(0, 1));
        assertThat(judge(accepted, restored, 1, null)).isInstanceOf(Held.class);
        assertThat(judge(accepted, restored, 1, "db-2:8")).isInstanceOf(Held.class);
        assertThat(judge(accepted, restored, 1, "db-2:9")).isEqualTo(new Accepted());
    }

    /** Of the same incarnation, a set may leave out so few. */
    @Test
    void aNewIncarnationIsHeldHoweverFewItWouldStop() {
        DesiredState accepted = set("db-1:5", assignments(0, 3));
        DesiredState restored = set("db-2:9", assignments(0, 2));
        assertThat(judge(accepted, restored, 3, null)).isInstanceOf(Held.class);
    }

    @ParameterizedTest
    @CsvSource({
        "3, 3, false",
        "4, 4, true",
        "19, 3, false",
        "20, 4, false",
        "20, 5, true",
        "100, 20, false",
        "100, 21, true"
    })
    void aSetThatLosesTooManyIsHeld(int live, int vanishing, boolean held) {
        DesiredState accepted = set("db-1:5", assignments(0, live));
        Verdict verdict = judge(accepted, set("db-1:6", assignments(vanishing, live)), live, null);
        assertThat(verdict instanceof Held).isEqualTo(held);
        if (verdict instanceof Held hold) {
            assertThat(hold.reason()).contains("db-1:6", vanishing + " of " + live);
        }
    }

    @Test
    void stopsThatAreOrderedByNameAreNotLosses() {
        DesiredState accepted = set("db-1:5", assignments(0, 10));
        List<Assignment> stopped = assignments(0, 10).stream()
                .map(a -> DiffFixtures.with(a, Assignment.Desired.STOPPED))
                .toList();
        assertThat(judge(accepted, set("db-1:6", stopped), 10, null)).isEqualTo(new Accepted());
    }

    @Test
    void aSetThatNamesAnAllocationTwiceIsRefused() {
        List<Assignment> twice = List.of(assignment(), assignment());
        assertThat(judge(null, set("db-1:1", twice), 0, null)).isInstanceOf(Refused.class);
    }
}
