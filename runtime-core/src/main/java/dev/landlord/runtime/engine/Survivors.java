package dev.landlord.runtime.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.landlord.runtime.cgroup.CgroupTree;
import dev.landlord.runtime.proc.ProcStat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Says which processes of a sandbox are there although they were killed, and what in the kernel they wait for. */
final class Survivors {
    private static final int SHOWN = 5;

    private Survivors() {}

    static String describe(CgroupTree groups, Sandbox sandbox) {
        List<String> pids = pids(groups, sandbox);
        if (pids.isEmpty()) {
            return "all its processes have ended, and this is not noticed by supervisor "
                    + describe(Integer.toString(sandbox.status().supervisorPid()));
        }
        String first = pids.stream().limit(SHOWN).map(Survivors::describe).collect(Collectors.joining("; "));
        return pids.size() > SHOWN ? first + "; and " + (pids.size() - SHOWN) + " more" : first;
    }

    /** In any one of the hierarchies: a process is in all of them. */
    private static List<String> pids(CgroupTree groups, Sandbox sandbox) {
        for (Path procs : groups.joinFiles(sandbox.owner(), sandbox.id())) {
            try {
                return Files.readAllLines(procs, ISO_8859_1);
            } catch (IOException ignored) {
                // removed in this hierarchy already
            }
        }
        return List.of();
    }

    private static String describe(String pid) {
        Path process = Path.of("/proc", pid);
        try {
            ProcStat stat = ProcStat.parse(Files.readString(process.resolve("stat"), ISO_8859_1));
            String waitsIn = Files.readString(process.resolve("wchan"), ISO_8859_1);
            return pid + " (" + stat.name() + ") in state " + stat.state() + " at " + waitsIn;
        } catch (IOException ignored) {
            return pid + " (gone meanwhile)";
        }
    }
}
