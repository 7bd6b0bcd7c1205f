package dev.landlord.agent.image.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostToolTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration ENOUGH_TO_SAY_SOMETHING = Duration.ofSeconds(5);

    @TempDir
    Path temp;

    @Test
    void givesStatusAndBothOutputs() throws IOException {
        HostTool.Result result = shell("echo out; echo err >&2; exit 7", LONG);

        assertThat(result).isEqualTo(new HostTool.Result(true, 7, "out\nerr\n"));
        assertThat(result.succeeded()).isFalse();
    }

    @Test
    void aToolThatDoesNotEndIsKilled() throws IOException {
        HostTool.Result result = shell("echo $$; exec sleep 1000", ENOUGH_TO_SAY_SOMETHING);

        assertThat(result.inTime()).isFalse();
        long pid = Long.parseLong(result.output().strip());
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void keepsTheEndOfALongOutput() throws IOException {
        HostTool.Result result = shell("yes | head -c 3000000; echo; echo the end", LONG);

        assertThat(result.output()).hasSizeBetween(256 * 1024, 300 * 1024).endsWith("\nthe end\n");
        assertThat(result.complaint()).isEqualTo("y | y | the end");
    }

    @Test
    void tellsErrorsBeforeWhatIsMerelyLast() throws IOException {
        assertThat(shell("echo W: w; echo E: 1; echo; echo E: 2; echo I: bye", LONG)
                        .complaint())
                .isEqualTo("E: 1 | E: 2");
        assertThat(shell("true", LONG).complaint()).isEmpty();
    }

    @Test
    void getsNoInputAndNothingOfOurEnvironment() throws IOException {
        HostTool.Result result = shell("cat; env | sort", LONG);

        assertThat(result.output().lines().map(line -> line.replaceFirst("=.*", "")))
                .contains("PATH", "LC_ALL")
                .allMatch(name -> List.of("PATH", "LC_ALL", "DEBIAN_FRONTEND", "PWD", "SHLVL", "_")
                                .contains(name)
                        || name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    }

    @Test
    void findsOnlyWhatCanBeExecuted() throws IOException {
        Files.writeString(temp.resolve("tool"), "");
        Files.createDirectory(temp.resolve("sh"));

        assertThat(HostTool.find("tool", List.of(temp))).isEmpty();
        assertThat(HostTool.find("sh", List.of(temp, Path.of("/bin")))).contains(Path.of("/bin/sh"));
    }

    private HostTool.Result shell(String script, Duration timeout) throws IOException {
        return HostTool.run(List.of("/bin/sh", "-c", script), temp, timeout);
    }
}
