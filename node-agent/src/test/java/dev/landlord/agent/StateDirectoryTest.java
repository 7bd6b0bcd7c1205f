package dev.landlord.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit fills it
    private Path directory;

    private static String modeOf(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private Path open(String name) throws IOException {
        Path path = Files.createDirectories(directory.resolve(name));
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void isPrivateAlsoWhenAServiceManagerMadeIt() throws IOException {
        StateDirectory.take(directory.resolve("new/one")).close();
        assertThat(modeOf(directory.resolve("new/one"))).isEqualTo("rwx------");
        StateDirectory.take(open("empty")).close();
        assertThat(modeOf(directory.resolve("empty"))).isEqualTo("rwx------");
    }

    @Test
    void oneOfItsOwnThatSomebodyOpenedIsClosedAgain() throws IOException {
        StateDirectory.take(directory.resolve("mine")).close();
        StateDirectory.take(open("mine")).close();
        assertThat(modeOf(directory.resolve("mine"))).isEqualTo("rwx------");
    }

    @Test
    void aDirectoryOfTheHostIsLeftAsItIs() throws IOException {
        Path lib = open("lib");
        Files.createFile(lib.resolve("somebody-needs-this"));
        assertThatThrownBy(() -> StateDirectory.take(lib))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("landlord.agent.state-dir: " + lib + " holds something");
        assertThat(modeOf(lib)).isEqualTo("rwxr-xr-x");
        assertThat(lib.resolve("lock")).doesNotExist();
    }

    @Test
    void oneAgentAtATimeUsesIt() throws IOException {
        StateDirectory first = StateDirectory.take(directory.resolve("one"));
        assertThatThrownBy(() -> StateDirectory.take(directory.resolve("one")))
                .hasMessageContaining("another agent uses");
        first.close();
        StateDirectory.take(directory.resolve("one")).close();
    }
}
