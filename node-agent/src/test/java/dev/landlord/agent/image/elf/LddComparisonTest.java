package dev.landlord.agent.image.elf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loader itself is the judge: {@code ldd} runs it and prints what it would map. */
final class LddComparisonTest {
    private static final Pattern PATH = Pattern.compile("(?:=> |^\\s*)(/\\S+) \\(0x");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/bin/bash",
                "/bin/ls",
                "/bin/cat",
                "/usr/bin/python3",
                "/usr/bin/perl",
                "/usr/bin/gcc",
                "/usr/bin/ssh",
                "/usr/bin/curl",
                "/usr/bin/git",
                "/usr/sbin/nft",
                "/lib/systemd/systemd"
            })
    void findsWhatTheLoaderFinds(String program) throws Exception {
        Path path = Path.of(program);
        assumeTrue(Files.isExecutable(path), program + " is not installed on this host");

        LinkResult result =
                SharedLibraries.resolve(path, LinkerConfig.read(Path.of("/etc/ld.so.conf")), new HostElfSource());

        assertThat(result).isInstanceOf(LinkResult.Linked.class);
        assertThat(realPaths((LinkResult.Linked) result)).isEqualTo(ldd(path));
    }

    private static Set<Path> realPaths(LinkResult.Linked linked) throws IOException {
        Set<Path> paths = new TreeSet<>();
        for (Library library : linked.libraries()) {
            paths.add(library.path().toRealPath());
        }
        return paths;
    }

    private static Set<Path> ldd(Path program) throws Exception {
        Process process = new ProcessBuilder("ldd", program.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        Set<Path> paths = new TreeSet<>();
        for (String line : output.lines().toList()) {
            Matcher matcher = PATH.matcher(line);
            if (matcher.find()) {
                paths.add(Path.of(matcher.group(1)).toRealPath());
            }
        }
        assertThat(paths).as(output).hasSizeGreaterThan(1);
        return paths;
    }
}
