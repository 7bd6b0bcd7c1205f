package dev.landlord.controlplane.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each file under {@code scheduler/} is a scenario: the cluster, {@code =>}, and the plan for it. */
class SchedulerScenarioTest {
    private static final Scheduler SCHEDULER = new Scheduler(4, 1000, Scheduler.Strategy.SPREAD);

    static Stream<String> scenarios() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).sorted().toList();
            assertThat(names).hasSizeGreaterThan(15);
            return names.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void planIsAsWritten(String name) throws IOException {
        String text = Files.readString(folder().resolve(name));
        String[] halves = text.split("(?m)^=>\\s*$", -1);
        assertThat(halves).as("one line => in " + name).hasSize(2);
        ClusterSnapshot snapshot = Scenario.parse(halves[0].lines().toList());

        assertThat(Scenario.print(SCHEDULER.plan(snapshot))).isEqualTo(halves[1].strip());
    }

    private static Path folder() {
        try {
            return Path.of(Objects.requireNonNull(SchedulerScenarioTest.class.getResource("/scheduler"))
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
