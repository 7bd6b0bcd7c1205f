package dev.landlord.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.runtime.Isolation;
import dev.landlord.runtime.OwnerId;
import dev.landlord.runtime.SandboxException;
import dev.landlord.runtime.SandboxException.Kind;
import dev.landlord.runtime.SandboxId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxDirectoryTest {
    @TempDir
    private Path parent;

    private SandboxDirectory directory;

    @BeforeEach
    void create() {
        directory = new SandboxDirectory(parent, new SandboxId("s1"));
        directory.create();
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(directory.path().resolve(file), text);
    }

    @Test
    void readsWhatTheSupervisorWrote() throws IOException {
        write("run", "1 100 101 1700000000000 alice FULL and more\n");
        write("exit", "1 137 9 1700000000001\n");
        assertThat(directory.run())
                .contains(new SandboxDirectory.Run(
                        100, 101, 1_700_000_000_000L, new OwnerId("alice"), Isolation.FULL, false));
        assertThat(directory.end()).contains(new SandboxDirectory.End(137, 9, 1_700_000_000_001L));
        assertThat(directory.liveRun()).as("nobody holds the lock").isEmpty();
    }

    @Test
    void whatTheEndOfALeaseEndsSaysSo() throws IOException {
        assertThat(directory.fenced()).isFalse();
        write("run", "1 100 101 1700000000000 alice FULL FENCED\n");
        assertThat(directory.fenced()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1 100",
                "2 100 101 17 alice FULL",
                "1 100 101 17 alice HALF",
                "1 100 101 17 ../alice FULL",
                "1 x 101 17 alice FULL",
                "1 100 101 99999999999999999999 alice FULL",
                "\0\0\0\0\0\0\0\0"
            })
    void aTornRecordCountsAsAbsent(String text) throws IOException {
        write("run", text);
        write("exit", text);
        assertThat(directory.run()).isEmpty();
        assertThat(directory.liveRun()).isEmpty();
        if (!text.startsWith("1 100 101 17 ")) { // which is an end, and has more fields than one
            assertThat(directory.end()).isEmpty();
        }
    }

    @Test
    void bytesThatAreNoTextCountAsAbsent() throws IOException {
        Files.write(directory.path().resolve("exit"), new byte[] {'1', ' ', (byte) 0xff, ' ', '0', ' ', '0'});
        assertThat(directory.end()).isEmpty();
    }

    @Test
    void whatHasNoSandboxsNameIsNotOne() throws IOException {
        Files.createDirectory(parent.resolve("lost+found"));
        Files.createFile(parent.resolve("s2"));
        assertThat(SandboxDirectory.all(parent))
                .singleElement()
                .satisfies(found -> assertThat(found.id()).isEqualTo(directory.id()));
    }

    @Test
    void isMadeOnceAndRemovedAsOftenAsOneLikes() throws IOException {
        assertThatThrownBy(directory::create)
                .isInstanceOfSatisfying(
                        SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ALREADY_EXISTS));
        write("stdout.0", "x");
        directory.delete();
        directory.delete();
        assertThat(parent).isEmptyDirectory();
    }
}
