package dev.landlord.runtime.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.runtime.ExecSpec;
import dev.landlord.runtime.Isolation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PlanEncoderTest {
    private static final Pattern OP = Pattern.compile("OP_([A-Z_]+) = (\\d+),?");

    /** The helper's header is the other half of the protocol; a number changed in one place only must not pass. */
    @Test
    void everyStepHasTheNumberOfTheHelpersHeader() throws IOException {
        List<LaunchStep> steps = new ArrayList<>();
        for (Isolation isolation : Isolation.values()) {
            steps.addAll(LaunchPlanner.plan(LaunchPlannerTest.spec(isolation, 0), LaunchPlannerTest.AROUND)
                    .steps());
        }
        steps.add(LaunchPlannerTest.LINKED.attachLink().orElseThrow());
        steps.add(new LaunchStep.Lease(LaunchPlannerTest.AROUND.leaseFile(), 3));
        steps.addAll(JoinPlanner.plan(
                        new ExecSpec(List.of("sh"), Map.of(), true, null),
                        LaunchPlannerTest.spec(Isolation.FULL, 0).process(),
                        new JoinPlanner.Around(List.of(), Optional.empty(), List.of(), new byte[8]))
                .steps());
        Map<String, Integer> used = new HashMap<>();
        for (LaunchStep step : steps) {
            used.put(headerName(step), (int) encode(step).getShort(8));
        }
        assertThat(used).isEqualTo(headerNumbers());
    }

    private static Map<String, Integer> headerNumbers() throws IOException {
        Map<String, Integer> numbers = new HashMap<>();
        Matcher matcher = OP.matcher(Files.readString(Path.of("src/main/c/plan.h")));
        while (matcher.find()) {
            numbers.put(matcher.group(1), Integer.parseInt(matcher.group(2)));
        }
        return numbers;
    }

    private static String headerName(LaunchStep step) {
        String name = step.getClass().getSimpleName();
        return name.equals("ResourceLimit")
                ? "RLIMIT"
                : name.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
    }

    private static ByteBuffer encode(LaunchStep... steps) {
        return ByteBuffer.wrap(PlanEncoder.encode(new LaunchPlan(Arrays.asList(steps))))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void fieldsCarryTheirLengthAndOneNul() {
        ByteBuffer bytes = encode(new LaunchStep.Symlink("a", "dev/fd"));
        assertThat(bytes.getInt()).isEqualTo(0x504e4c4c);
        assertThat(bytes.getShort()).isEqualTo((short) 1);
        assertThat(bytes.getShort()).isEqualTo((short) 1);
        assertThat(bytes.getShort()).isEqualTo((short) 23);
        assertThat(bytes.getShort()).isEqualTo((short) 2);
        assertThat(bytes.getInt()).isEqualTo(1);
        assertThat(bytes.getShort()).isEqualTo((short) 'a');
        assertThat(bytes.getInt()).isEqualTo(6);
        assertThat(bytes.remaining()).isEqualTo(7);
    }

    @Test
    void aStringWithANulIsRefused() {
        assertThatThrownBy(() -> encode(new LaunchStep.Hostname("a\0b"))).hasMessageContaining("NUL");
    }

    @Test
    void aPlanLargerThanTheHelperTakesIsRefused() {
        LaunchStep[] many = new LaunchStep[257];
        Arrays.fill(many, new LaunchStep.Pivot());
        assertThatThrownBy(() -> encode(many)).hasMessageContaining("257 steps");
    }
}
