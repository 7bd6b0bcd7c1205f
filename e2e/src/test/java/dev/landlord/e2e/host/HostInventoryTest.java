package dev.landlord.e2e.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.e2e.host.HostInventory.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HostInventoryTest {
    @SuppressWarnings("NullAway.Init")
    private Path scratch;

    @SuppressWarnings("NullAway.Init")
    private Footprint footprint;

    @BeforeEach
    void open() throws Exception {
        scratch = Files.createTempDirectory(Path.of("/tmp"), "landlord-inventory-");
        footprint = new Footprint(
                scratch, "landlord-no-such-root-" + ProcessHandle.current().pid(), 0xF000_0000L, 1);
    }

    @AfterEach
    void close() throws Exception {
        HostSweep.deleteTree(scratch);
    }

    @Test
    void findsAProcessThatNamesTheScratchDirectoryAndSweepsIt() throws Exception {
        HostInventory before = HostInventory.take(footprint);
        Process left =
                new ProcessBuilder("sleep", "600").directory(scratch.toFile()).start();
        Process named = new ProcessBuilder("tail", "-f", "/dev/null", scratch.toString()).start();
        try {
            assertThat(HostInventory.take(footprint).beyond(before, Kind.PROCESS))
                    .containsExactly(named.pid() + " tail -f /dev/null " + scratch);
            HostSweep.sweep(footprint);
            assertThat(HostInventory.take(footprint).beyond(before, Kind.PROCESS))
                    .isEmpty();
            assertThat(left.isAlive()).isTrue();
        } finally {
            left.destroyForcibly();
            named.destroyForcibly();
        }
    }

    @Test
    void findsAFileThatIsNamedAfterTheRun() throws Exception {
        HostInventory before = HostInventory.take(footprint);
        Path left = Files.createFile(Path.of(scratch + ".left"));
        try {
            assertThat(HostInventory.take(footprint).beyond(before, Kind.FILE)).containsExactly(left.toString());
        } finally {
            Files.delete(left);
        }
    }

    @Test
    void whatWasThereBeforeIsNotLeftBehind() throws Exception {
        HostInventory before = HostInventory.take(footprint);
        HostInventory after = HostInventory.take(footprint);
        for (Kind kind : new Kind[] {Kind.PROCESS, Kind.CONTROL_GROUP, Kind.NETWORK_LINK, Kind.FILE}) {
            assertThat(after.beyond(before, kind)).isEmpty();
        }
    }
}
