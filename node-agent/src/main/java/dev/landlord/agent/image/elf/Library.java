package dev.landlord.agent.image.elf;

import java.nio.file.Path;

/**
 * A file that a program needs to start.
 *
 * @param name as the program or another library asked for it
 * @param path where it was found; symlinks are not resolved
 */
public record Library(String name, Path path, Via via) {
    /** By which rule it was found. */
    public enum Via {
        /** The loader itself. */
        INTERPRETER,
        /** The name is a path. */
        PATH,
        /** DT_RPATH or DT_RUNPATH. */
        RUN_PATH,
        /** A directory of the loader's configuration, or a default one. */
        DIRECTORY
    }
}
