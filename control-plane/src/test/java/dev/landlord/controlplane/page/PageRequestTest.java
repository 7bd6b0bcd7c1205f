package dev.landlord.controlplane.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.controlplane.web.Items;
import dev.landlord.controlplane.web.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageRequestTest {
    private static final String LIST = "/api/v1/plans";

    @Test
    void givesAllInParts() {
        List<String> names = List.of("b", "a-a", "c", "aa", "a");
        Items<String> first = part(names, 2, null);
        assertThat(first.items()).containsExactly("a", "a-a");
        Items<String> second = part(names, 2, first.cursor());
        assertThat(second.items()).containsExactly("aa", "b");
        Items<String> last = part(names, 2, second.cursor());
        assertThat(last.items()).containsExactly("c");
        assertThat(last.cursor()).isNull();
        assertThat(part(names, 5, null).cursor()).as("exactly all").isNull();
    }

    /** What is there all the time is seen exactly once. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void missesNothingAndRepeatsNothingWhileTheListChanges(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> stable = IntStream.range(0, 50).mapToObj(n -> "s" + n).toList();
        TreeSet<String> list = new TreeSet<>(stable);
        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            Items<String> part = part(List.copyOf(list), random.nextInt(1, 9), cursor);
            seen.addAll(part.items());
            cursor = part.cursor();
            list.removeIf(name -> name.startsWith("x") && random.nextBoolean());
            IntStream.range(0, 5).forEach(n -> list.add("x" + random.nextInt(1000)));
            IntStream.range(0, 5).forEach(n -> list.add("a" + random.nextInt(1000)));
        } while (cursor != null);
        assertThat(seen).as("seed %s", seed).doesNotHaveDuplicates().containsAll(stable);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "YQ", "====", "AAAAAAAAAAA", "AAAAAAAAAABh", "AAAAAAAAAAA\n"})
    void refusesWhatItHasNotGiven(String cursor) {
        assertThatThrownBy(() -> PageRequest.of(LIST, null, cursor))
                .isInstanceOf(ProblemException.class)
                .hasMessage("?cursor: is not one that this list has given");
    }

    @Test
    void refusesACursorOfAnotherListOrThatWasChanged() {
        String cursor = Cursor.of(LIST, "alice");
        assertThat(Cursor.key(LIST, cursor)).isEqualTo("alice");
        assertThatThrownBy(() -> Cursor.key("/api/v1/tenants", cursor)).isInstanceOf(ProblemException.class);
        for (int place = 0; place < cursor.length(); place++) {
            char other = cursor.charAt(place) == 'A' ? 'B' : 'A';
            String changed = cursor.substring(0, place) + other + cursor.substring(place + 1);
            assertThatThrownBy(() -> Cursor.key(LIST, changed)).isInstanceOf(ProblemException.class);
        }
        assertThatThrownBy(() -> Cursor.key(LIST, "A".repeat(513))).isInstanceOf(ProblemException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "5001", "1.5", "", "x", "99999999999999999999999999"})
    void refusesALimitThatIsNone(String limit) {
        assertThatThrownBy(() -> PageRequest.of(LIST, limit, null))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith("?limit: must be");
    }

    private static Items<String> part(List<String> all, int limit, @Nullable String cursor) {
        return PageRequest.of(LIST, Integer.toString(limit), cursor).of(all, name -> name);
    }
}
