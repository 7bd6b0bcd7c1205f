package dev.landlord.runtime.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.runtime.limit.DeviceProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real programs at a group of version 2, which needs no controller for them, and who is bounded by them. */
@Tag("root")
@Tag("cgroup2")
@Timeout(120)
class DeviceProgramsRootIT {
    private static final byte[] CURRENT = DeviceProgram.bytes();
    private static final byte[] OLDER = withIdleStart(CURRENT);
    /** A device of the host that is on no list, and can be opened without one. */
    private static final String FORBIDDEN = "/dev/kmsg";

    @TempDir
    private Path folder = Path.of("");

    private Path group = Path.of("");

    @BeforeEach
    void makeGroup() throws IOException {
        String name = "landlord-devices-" + ProcessHandle.current().pid();
        group = Files.createDirectory(version2().resolve(name));
    }

    @AfterEach
    void removeGroup() throws IOException {
        Files.delete(group);
    }

    private static Path version2() throws IOException {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/mounts"))) {
            return mounts.map(line -> line.split(" ", -1))
                    .filter(fields -> fields[2].equals("cgroup2"))
                    .map(fields -> Path.of(fields[1]))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Another program for the kernel, which decides the same: {@code r0 = 0} comes first. */
    private static byte[] withIdleStart(byte[] program) {
        byte[] longer = new byte[program.length + 8];
        longer[0] = (byte) 0xb7;
        System.arraycopy(program, 0, longer, 8, program.length);
        return longer;
    }

    /** Opens the device again and again from inside the group, until it is told to stop. */
    private Process member() throws IOException {
        return new ProcessBuilder(
                        "sh",
                        "-c",
                        "echo $$ > $1/cgroup.procs || exit 9; true < $2 || echo no; echo in; read -r go; n=0;"
                                + " while [ ! -e $3 ]; do true < $2 && echo opened; n=$((n + 1)); done; echo tries $n",
                        "sh",
                        group.toString(),
                        FORBIDDEN,
                        folder.resolve("stop").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void anOlderProgramIsReplacedWithoutAMomentInWhichAllIsAllowed() throws Exception {
        Process member = member();
        try (BufferedReader said = member.inputReader(StandardCharsets.US_ASCII)) {
            assertThat(said.readLine()).as("open while there is no list").isEqualTo("in");
            int first = DevicePrograms.attach(group.toString(), OLDER);
            member.outputWriter().append("go\n").flush();
            int last = first;
            for (int i = 0; i < 300; i++) {
                last = DevicePrograms.attach(group.toString(), i % 2 == 0 ? CURRENT : OLDER);
                assertThat(DevicePrograms.decidingFor(group.toString())).containsOnlyOnce(last);
            }
            assertThat(last).isNotEqualTo(first);
            Files.createFile(folder.resolve("stop"));
            String end = said.readLine();
            assertThat(end).as("opened although it is on no list").startsWith("tries ");
            assertThat(Integer.parseInt(end.substring(6))).as("tries").isPositive();
        } finally {
            member.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatAnAgentLeftThatDiedBetweenTheTwoGoesAtTheNextStart() {
        int current = DevicePrograms.attach(group.toString(), CURRENT);
        int directory = DevicePrograms.open(group.toString());
        int older = DevicePrograms.load(OLDER);
        try {
            DevicePrograms.attachBeside(directory, older);
        } finally {
            Linux.close(older);
            Linux.close(directory);
        }
        int before = DevicePrograms.decidingFor(group.toString()).size();
        assertThat(DevicePrograms.attach(group.toString(), CURRENT)).isEqualTo(current);
        assertThat(DevicePrograms.decidingFor(group.toString()))
                .hasSize(before - 1)
                .contains(current);
    }
}
