package dev.landlord.e2e.host;

import java.nio.file.Path;
import java.util.List;

/** A C program of this module, built where it is needed with the compiler that also builds the product's helper. */
public final class CProgram {
    private CProgram() {}

    /** Builds a program that needs nothing from the root file system that it will run in. */
    public static Path compileStatic(Path source, Path target) {
        HostCommand.must(
                List.of("gcc", "-O2", "-static", "-Wall", "-Wextra", "-o", target.toString(), source.toString()));
        return target;
    }
}
