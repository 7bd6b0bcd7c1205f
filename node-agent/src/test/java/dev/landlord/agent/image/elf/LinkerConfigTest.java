package dev.landlord.agent.image.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.image.elf.LinkerConfig.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LinkerConfigTest {
    @TempDir
    Path directory;

    @Test
    void readsDirectoriesAndIncludesAndNothingElse() {
        assertThat(LinkerConfig.parse("""
                # Multiarch support
                /usr/lib/a   # trailing
                  /old/form=libc6
                relative/one
                hwcap 1 nosegneg
                include conf.d/*.conf other.conf

                """))
                .containsExactly(
                        new Line.Directory("/usr/lib/a"),
                        new Line.Directory("/old/form"),
                        new Line.Include("conf.d/*.conf"),
                        new Line.Include("other.conf"));
    }

    @Test
    void includesAreReadInOrderOfTheirNames() throws IOException {
        Files.createDirectory(directory.resolve("conf.d"));
        Path top = Files.writeString(directory.resolve("top"), "/first\ninclude conf.d/*.conf\n/last\n");
        Files.writeString(directory.resolve("conf.d/b.conf"), "/b\n");
        Files.writeString(directory.resolve("conf.d/a.conf"), "/a\n");
        Files.writeString(directory.resolve("conf.d/c.other"), "/c\n");

        assertThat(LinkerConfig.read(top))
                .containsExactly(Path.of("/first"), Path.of("/a"), Path.of("/b"), Path.of("/last"));
    }

    @Test
    void aLoopOfIncludesEnds() throws IOException {
        Path top = Files.writeString(directory.resolve("top"), "/x\ninclude top\n");

        assertThat(LinkerConfig.read(top)).hasSizeLessThanOrEqualTo(1024).containsOnly(Path.of("/x"));
    }

    @Test
    void whatIsAbsentNamesNothing() throws IOException {
        Path top = Files.writeString(directory.resolve("top"), "include none/*.conf\n");

        assertThat(LinkerConfig.read(top)).isEmpty();
        assertThat(LinkerConfig.read(directory.resolve("absent"))).isEmpty();
    }
}
