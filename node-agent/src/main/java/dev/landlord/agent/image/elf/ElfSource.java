package dev.landlord.agent.image.elf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Where the search for libraries looks: this host's file system, or a fixture. */
public interface ElfSource {
    /** Empty if there is no regular file; symlinks are followed. */
    Optional<ElfParse> read(Path path) throws IOException;

    /** The path of the same existing file or directory without symlinks. */
    Path realPath(Path path) throws IOException;
}
