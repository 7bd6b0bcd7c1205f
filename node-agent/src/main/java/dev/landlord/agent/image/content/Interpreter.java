package dev.landlord.agent.image.content;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.landlord.agent.image.elf.ElfParse;
import dev.landlord.agent.image.elf.HostElfSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** The other program that the kernel starts in place of a program. */
final class Interpreter {
    /** The kernel reads no more of a script's first line. */
    private static final int MAX_LINE = 256;

    private Interpreter() {}

    /** Absolute path; empty for a static program and for what the kernel would refuse by itself. */
    static Optional<String> of(Path file) throws IOException {
        return switch (new HostElfSource().read(file).orElse(new ElfParse.NotElf())) {
            case ElfParse.Parsed parsed -> parsed.file().interpreter();
            case ElfParse.NotElf ignored -> ofScript(file);
            case ElfParse.Malformed ignored -> Optional.empty();
        };
    }

    private static Optional<String> ofScript(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            String line = new String(in.readNBytes(MAX_LINE), UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
            return line.startsWith("#!")
                    ? Optional.of(line.substring(2).strip().split("[ \t]+", -1)[0])
                            .filter(path -> path.startsWith("/"))
                    : Optional.empty();
        }
    }
}
