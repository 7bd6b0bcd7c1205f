package dev.landlord.runtime.seccomp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeccompPolicyTest {
    private static final int X86_64 = 0xC000_003E;
    private static final int I386 = 0x4000_0003;
    private static final int AARCH64 = 0xC000_00B7;

    private static final Map<String, Integer> NUMBERS = numbers();
    private static final FilterMachine FILTER = new FilterMachine(SeccompPolicy.compile());

    static List<String> expectations() {
        return lines("/seccomp/expectations.txt");
    }

    @ParameterizedTest
    @MethodSource("expectations")
    void theProgramDecidesAsExpected(String line) {
        String[] sides = line.split(" -> ", -1);
        String[] call = sides[0].split(" ", -1);
        Integer named = NUMBERS.get(call[0]);
        int number = named == null ? Long.decode(call[0]).intValue() : named;
        long[] arguments = Arrays.stream(call)
                .skip(1)
                .mapToLong(SeccompPolicyTest::unsigned)
                .toArray();

        assertThat(action(FILTER.run(X86_64, number, arguments))).as(line).isEqualTo(sides[1]);
    }

    @Test
    void programsOfOtherArchitecturesAreKilledWhateverTheyCall() {
        for (int number : new int[] {0, 1, 11, 56, 120, 365, 400, 500}) {
            assertThat(action(FILTER.run(I386, number))).isEqualTo("kill");
            assertThat(action(FILTER.run(AARCH64, number))).isEqualTo("kill");
        }
    }

    @Test
    void noCallIsForgottenInThePolicy() {
        Set<String> named = policy().rules().stream().map(Policy.Rule::name).collect(Collectors.toSet());

        assertThat(named).containsExactlyInAnyOrderElementsOf(NUMBERS.keySet());
    }

    /** A list would take some hundreds of steps to the last calls. */
    @Test
    void theProgramIsATreeThatAnswersEveryCallInFewSteps() {
        for (Map.Entry<String, Integer> call : NUMBERS.entrySet()) {
            FILTER.run(X86_64, call.getValue());
            assertThat(FILTER.steps()).as(call.getKey()).isLessThan(60);
        }
        assertThat(FILTER.instructions()).isBetween(300, 1200);
    }

    @Test
    void itIsTheSameProgramEachTime() {
        assertThat(SeccompPolicy.compile()).isEqualTo(SeccompPolicy.compile());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allow",
                "permit read",
                "errno EWHAT read",
                "errno",
                "allow read write when 0 == 1",
                "allow read when",
                "allow read when 0 ==",
                "allow read when 0 ~ 1",
                "allow read when 6 == 1",
                "allow read when 0 == x",
                "allow read when 0 == 1 or 1 == 1",
                "allow read when 0 == 1 and",
                "allow read when 0 > 1 and 0 < 5",
                "allow read when low 0 == 1",
                "errno EPERM read when low 0 != 1",
                "errno EPERM read when low 0 == 1 and 1 == 2",
                "allow Read",
                "allow read=x",
                "newest x",
                "newest 3\nnewest 4"
            })
    void aLineThatIsNoRuleIsRefusedWithItsNumber(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Policy.parse("newest 10\n# reason\n" + line))
                .withMessageStartingWith("line ");
    }

    @Test
    void aRuleForAllArgumentsBesideOneForSomeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Policy.parse("newest 10\nallow read\nallow read when 0 == 1"))
                .withMessageContaining("read");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Policy.parse("newest 10\nallow read\nerrno EPERM read"))
                .withMessageContaining("read");
        assertThatIllegalArgumentException().isThrownBy(() -> Policy.parse("allow read"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"allow read=1", "allow nosuchcall", "allow mseal=462"})
    void aNumberThatIsWrongUnknownOrTooNewIsRefused(String line) {
        assertThatIllegalStateException()
                .isThrownBy(() -> SeccompPolicy.compile(Policy.parse("newest 100\n" + line)))
                .withMessageContaining(line.substring(6, 10));
    }

    @Test
    void aCallUnknownToTheLibraryIsTakenByItsNumber() {
        FilterMachine filter = new FilterMachine(
                SeccompPolicy.compile(Policy.parse("newest 900\nallow read\nallow somethingnew=900")));

        assertThat(action(filter.run(X86_64, 900))).isEqualTo("allow");
        assertThat(action(filter.run(X86_64, 899))).isEqualTo("errno 1");
        assertThat(action(filter.run(X86_64, 901))).isEqualTo("errno 38");
        assertThat(action(filter.run(X86_64, 0))).isEqualTo("allow");
    }

    private static String action(int action) {
        return switch (action & 0xffff_0000) {
            case 0x7fff_0000 -> "allow";
            case 0x8000_0000 -> "kill";
            case 0x0005_0000 -> "errno " + (action & 0xffff);
            default -> "0x" + Integer.toHexString(action);
        };
    }

    private static long unsigned(String word) {
        return word.startsWith("0x") ? Long.parseUnsignedLong(word.substring(2), 16) : Long.parseLong(word);
    }

    private static Policy policy() {
        return Policy.parse(text("/dev/landlord/runtime/seccomp/system-calls.policy"));
    }

    private static Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new HashMap<>();
        for (String line : lines("/seccomp/x86-64-calls.txt")) {
            int blank = line.indexOf(' ');
            numbers.put(line.substring(blank + 1), Integer.parseInt(line.substring(0, blank)));
        }
        return numbers;
    }

    private static List<String> lines(String resource) {
        return text(resource)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    private static String text(String resource) {
        try (InputStream in = Objects.requireNonNull(SeccompPolicyTest.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
