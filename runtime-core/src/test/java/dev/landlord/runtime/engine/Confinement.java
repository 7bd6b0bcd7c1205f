package dev.landlord.runtime.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the kernel says of how a process is confined, field by field, so that two processes can be compared. */
final class Confinement {
    /** Who it is, and what it has used: these differ between any two processes. */
    private static final Set<String> OF_THE_PROCESS = Set.of(
            "Name",
            "State",
            "Tgid",
            "Ngid",
            "Pid",
            "PPid",
            "NStgid",
            "NSpid",
            "NSpgid",
            "NSsid",
            "Kthread",
            "FDSize",
            "voluntary_ctxt_switches",
            "nonvoluntary_ctxt_switches",
            "SigQ",
            "Mems_allowed",
            "HugetlbPages");

    private static final List<String> NAMESPACES = List.of("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts");
    private static final List<String> FILES =
            List.of("cgroup", "uid_map", "gid_map", "setgroups", "limits", "oom_score_adj", "mountinfo");

    private Confinement() {}

    /** Once a shell has become this program: until then it has a shell's own dispositions of signals. */
    static Map<String, String> of(int pid, String program) throws IOException {
        Path proc = Path.of("/proc", Integer.toString(pid));
        long deadline = System.nanoTime() + Host.PATIENCE.toNanos();
        while (!Files.readString(proc.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                .startsWith(program)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("process " + pid + " does not become " + program);
            }
            Thread.onSpinWait();
        }
        Map<String, String> found = new TreeMap<>();
        for (String line : Files.readAllLines(proc.resolve("status"), StandardCharsets.ISO_8859_1)) {
            String name = line.substring(0, line.indexOf(':'));
            if (!OF_THE_PROCESS.contains(name) && !name.startsWith("Vm") && !name.startsWith("Rss")) {
                found.put("status " + name, line);
            }
        }
        for (String namespace : NAMESPACES) {
            Path link = proc.resolve("ns").resolve(namespace);
            if (Files.exists(link)) {
                found.put("namespace " + namespace, Files.readSymbolicLink(link).toString());
            }
        }
        for (String file : FILES) {
            found.put(file, Files.readString(proc.resolve(file), StandardCharsets.ISO_8859_1));
        }
        found.put("root", Files.readSymbolicLink(proc.resolve("root")).toString());
        found.put("directory", Files.readSymbolicLink(proc.resolve("cwd")).toString());
        found.put("program", Files.readSymbolicLink(proc.resolve("exe")).toString());
        return found;
    }

    static int otherProcessOf(int main) throws IOException {
        List<Integer> others = processesBeside(main);
        if (others.size() != 1) {
            throw new AssertionError("beside " + main + " there are " + others);
        }
        return others.getFirst();
    }

    /** All others in the pid namespace of this one, but for what its own namespace's init has started. */
    static List<Integer> processesBeside(int main) throws IOException {
        Path wanted = Files.readSymbolicLink(Path.of("/proc/" + main + "/ns/pid"));
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("[0-9]+"))
                    .map(Integer::valueOf)
                    .filter(pid -> pid != main && isIn(pid, wanted) && parentOf(pid) != main)
                    .toList();
        }
    }

    private static boolean isIn(int pid, Path namespace) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/pid")).equals(namespace);
        } catch (IOException ignored) {
            return false; // it has gone, or is a zombie
        }
    }

    private static int parentOf(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[1]);
        } catch (IOException ignored) {
            return 0;
        }
    }
}
