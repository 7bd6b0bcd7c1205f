package dev.landlord.e2e.bench;

import dev.landlord.e2e.host.HostSweep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The bare C program that does the same kernel work and nothing else. */
final class FloorContestant implements Contestant {
    private final String name;
    private final String cgroup;
    private final Stopwatch stopwatch;

    private FloorContestant(String name, String cgroup, Stopwatch stopwatch) {
        this.name = name;
        this.cgroup = cgroup;
        this.stopwatch = stopwatch;
    }

    static FloorContestant grouped(BenchFiles files) throws IOException {
        return start(files, "floor", files.cgroupRoot() + "-floor");
    }

    static FloorContestant withoutGroups(BenchFiles files) throws IOException {
        return start(files, "floor_nocgroups", "-");
    }

    private static FloorContestant start(BenchFiles files, String name, String cgroup) throws IOException {
        Path program = files.compile("floor.c");
        List<String> command =
                List.of(program.toString(), files.image().toString(), cgroup, "-", "/bin/busybox", "true");
        return new FloorContestant(name, cgroup, Stopwatch.start(files.errors(name), command));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Launch launch() throws IOException {
        List<Long> numbers = stopwatch.run();
        return new Launch(numbers.get(0), numbers.get(1));
    }

    @Override
    public void close() throws IOException {
        stopwatch.close();
        if (!cgroup.equals("-")) {
            HostSweep.removeControlGroups(cgroup);
        }
    }
}
