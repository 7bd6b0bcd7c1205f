package dev.landlord.controlplane.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.controlplane.web.ProblemException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreconditionTest {
    @ParameterizedTest
    @ValueSource(strings = {"*", "\"db.7\"", "\"db.7.00c0ffee\"", "\"x\", \"db.7\"", "W/\"x\",\"db.7\" ,\"\""})
    void holdsForTheStateThatItNames(String header) {
        assertThat(holds(header, 7)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"db.8\"",
                "\"db.77\"",
                "\"db.\"",
                "\"db\"",
                "\"other.7\"",
                "W/\"db.7\"",
                "\"\"",
                "\"*\"",
                "\"7\""
            })
    void holdsForNoOther(String header) {
        assertThat(holds(header, 7)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "db.7", "\"db.7", "\"a\"\"b\"", "\"a\",", ",\"a\"", "*, \"a\"", "w/\"a\"", "\"a b\"", "'a'"})
    void refusesWhatIsNoTag(String header) {
        assertThatThrownBy(() -> Precondition.of("db", header, null))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith("If-Match: must be * or entity tags");
    }

    @Test
    void boundsAHeader() {
        assertThatThrownBy(() -> Precondition.of("db", "\"" + "x".repeat(2048) + "\"", null))
                .hasMessage("If-Match: may have at most 2048 characters");
    }

    @Test
    void takesNoTagForCreatingAndNoBoth() {
        assertThatThrownBy(() -> Precondition.of("db", null, "\"db.7\""))
                .hasMessageContaining("If-None-Match: must be *");
        assertThatThrownBy(() -> Precondition.of("db", "*", "*")).hasMessageContaining("cannot hold together");
    }

    @Test
    void asksForExistenceOrAbsence() {
        assertThatThrownBy(() -> Precondition.of("db", "*", null).check("plan p", Optional.empty()))
                .hasMessage("plan p does not exist");
        assertThatThrownBy(() -> Precondition.of("db", null, "*").check("plan p", Optional.of(7L)))
                .hasMessage("plan p exists already, at \"db.7\"");
        Precondition.of("db", null, "*").check("plan p", Optional.empty());
        Precondition.of("db", null, null).check("plan p", Optional.of(7L));
    }

    private static boolean holds(String header, long revision) {
        try {
            Precondition.of("db", header, null).check("plan p", Optional.of(revision));
            return true;
        } catch (ProblemException problem) {
            assertThat(problem).hasMessage("plan p is at \"db.7\" now");
            return false;
        }
    }
}
