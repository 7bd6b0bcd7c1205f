package dev.landlord.agent.protection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfProtectionTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit fills it
    private Path self;

    private Path scoreOf(String text) throws IOException {
        Files.writeString(self.resolve("cgroup"), "0::/system.slice/landlord-agent.service\n");
        return Files.writeString(self.resolve("oom_score_adj"), text);
    }

    @Test
    void lowersItsScoreAndLeavesALowerOneAlone() throws IOException {
        Path score = scoreOf("0   ");
        assertThat(SelfProtection.apply(self)).isEmpty();
        assertThat(Files.readString(score).strip()).startsWith("-500");
        scoreOf("-900\n");
        assertThat(SelfProtection.apply(self)).isEmpty();
        assertThat(Files.readString(score)).isEqualTo("-900\n");
    }

    @Test
    void whatIsNotPermittedIsNamed() throws IOException {
        Files.createDirectory(self.resolve("oom_score_adj"));
        Files.writeString(self.resolve("cgroup"), "0::/a\n");
        assertThat(SelfProtection.apply(self))
                .hasSize(1)
                .hasEntrySatisfying(
                        "agent.oom-score",
                        why -> assertThat(why)
                                .contains(self.resolve("oom_score_adj").toString(), "CAP_SYS_RESOURCE"));
    }

    @ParameterizedTest
    @CsvSource({
        "'0::/', true",
        "'0::/system.slice/x', false",
        "'4:memory:/a|1:cpu,cpuacct:/|0::/a', true",
        "'1:cpu,cpuacct:/a|0::/', false",
        "'', true"
    })
    void aGroupThatIsSharedWithTheHostIsNamed(String lines, boolean shared) throws IOException {
        scoreOf("-500");
        Files.writeString(self.resolve("cgroup"), lines.replace('|', '\n') + "\n");
        assertThat(SelfProtection.apply(self).containsKey("agent.cgroup")).isEqualTo(shared);
    }
}
