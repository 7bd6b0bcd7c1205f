package dev.landlord.e2e.bench;

import dev.landlord.e2e.host.BusyboxRoot;
import dev.landlord.e2e.host.CProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the benchmark keeps its things.
 *
 * @param sources folder of this module
 * @param scratch removed at the end
 * @param image directory of a root file system with busybox
 * @param cgroupRoot prefix of the names of all control groups
 */
record BenchFiles(Path sources, Path scratch, Path image, String cgroupRoot) {
    static BenchFiles make(Path sources) throws IOException {
        Path scratch = Files.createTempDirectory("landlord-bench-");
        String cgroupRoot = scratch.getFileName().toString().replaceAll("[^a-z0-9-]", "");
        return new BenchFiles(sources, scratch, BusyboxRoot.make(scratch.resolve("image")), cgroupRoot);
    }

    Path compile(String source) {
        Path target = scratch.resolve(source.replace(".c", ""));
        return Files.exists(target)
                ? target
                : CProgram.compileStatic(sources.resolve("bench").resolve(source), target);
    }

    Path errors(String name) {
        return scratch.resolve(name + ".err");
    }
}
