package dev.landlord.e2e.bench;

import dev.landlord.e2e.host.BusyboxRoot;
import dev.landlord.e2e.host.CProgram;
import dev.landlord.e2e.host.Footprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the benchmark keeps its things.
 *
 * @param sources folder of this module
 * @param footprint its directory is removed at the end; its control-group root is the prefix of all groups' names
 * @param image directory of a root file system with busybox
 */
record BenchFiles(Path sources, Footprint footprint, Path image) {
    static BenchFiles make(Path sources) throws IOException {
        Path scratch = Files.createTempDirectory("landlord-bench-");
        return new BenchFiles(
                sources, Footprint.of("landlord-bench", scratch), BusyboxRoot.make(scratch.resolve("image")));
    }

    Path scratch() {
        return footprint.scratch();
    }

    String cgroupRoot() {
        return footprint.cgroupRoot();
    }

    Path compile(String source) {
        Path target = footprint.scratch().resolve(source.replace(".c", ""));
        return Files.exists(target)
                ? target
                : CProgram.compileStatic(sources.resolve("bench").resolve(source), target);
    }

    Path errors(String name) {
        return footprint.scratch().resolve(name + ".err");
    }
}
