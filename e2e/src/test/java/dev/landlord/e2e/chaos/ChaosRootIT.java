package dev.landlord.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.e2e.fault.FaultKind;
import dev.landlord.e2e.fault.Schedule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The short form of {@code make chaos}. */
@Tag("root")
class ChaosRootIT {
    private static final long SEED = 1;
    private static final long MOST_MILLIS = 2_000;
    private static final List<FaultKind> KINDS =
            List.of(FaultKind.KILL_LEADER, FaultKind.KILL_AGENT, FaultKind.CUT_HOST, FaultKind.KILL_DATABASE);

    @Test
    void nothingIsLostDoubledOrLeftWhenPartsAreKilledAndCutOff() throws Exception {
        Path top = Path.of("..").toAbsolutePath().normalize();
        Path report = Path.of("target/chaos/report.json").toAbsolutePath();
        boolean holds = new ChaosRun(
                        System.out,
                        Releases.only(top.resolve("dist/target/landlord")),
                        SEED,
                        2,
                        Schedule.of(SEED, KINDS, MOST_MILLIS))
                .play(report);
        assertThat(holds).as(Files.readString(report)).isTrue();
        assertThat(Files.readString(report)).contains("\"lost\" : [ ]", "\"kill database\"");
    }
}
