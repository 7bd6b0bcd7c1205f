package dev.landlord.agent.image.elf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** This host's files, mapped and not read whole: a library may have hundreds of megabytes. */
public final class HostElfSource implements ElfSource {
    @Override
    public Optional<ElfParse> read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            if (channel.size() > Integer.MAX_VALUE) {
                return Optional.of(new ElfParse.Malformed("2 GiB or larger"));
            }
            return Optional.of(ElfParser.parse(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena)
                    .asByteBuffer()));
        }
    }

    @Override
    public Path realPath(Path path) throws IOException {
        return path.toRealPath();
    }
}
