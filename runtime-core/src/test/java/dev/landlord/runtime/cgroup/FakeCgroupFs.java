package dev.landlord.runtime.cgroup;

import dev.landlord.runtime.proc.CpuList;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Version 2 as far as our tree uses it: a new group has the files of the controllers that the one above hands down, every
 * change is in {@link #log}, and a write can be told to fail.
 */
final class FakeCgroupFs implements CgroupFs {
    static final Path MOUNT = Path.of("/cg");

    final List<String> log = new ArrayList<>();
    /** End of a path to the kernel's answer. */
    final Map<String, String> refusals = new HashMap<>();

    /** Groups with a program for devices. */
    final Set<Path> filtered = new TreeSet<>();

    private final Map<Path, String> files = new TreeMap<>();

    FakeCgroupFs(String controllers) {
        files.put(MOUNT.resolve("cgroup.controllers"), controllers + "\n");
        files.put(MOUNT.resolve("cgroup.subtree_control"), "\n");
        files.put(MOUNT.resolve("cgroup.procs"), "1\n");
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
        refuse(directory);
        if (!exists(Objects.requireNonNull(directory.getParent()))) {
            throw new NoSuchFileException(directory.toString());
        }
        if (exists(directory)) {
            throw new FileAlreadyExistsException(directory.toString());
        }
        log.add("mkdir " + MOUNT.relativize(directory));
        String controllers = text(directory.resolveSibling("cgroup.subtree_control"));
        put(directory, "cgroup.controllers", controllers);
        put(directory, "cgroup.subtree_control", "\n");
        put(directory, "cgroup.procs", "");
        put(directory, "cgroup.kill", "");
        put(directory, "cgroup.freeze", "0\n");
        put(directory, "cgroup.events", "populated 0\nfrozen 0\n");
        put(directory, "cpu.stat", "usage_usec 7\nuser_usec 5\nsystem_usec 2\n");
        for (String controller : controllers.strip().split(" ", -1)) {
            defaults(controller).forEach((file, text) -> put(directory, file, text));
        }
    }

    private static Map<String, String> defaults(String controller) {
        return switch (controller) {
            case "cpu" -> Map.of("cpu.weight", "100\n", "cpu.max", "max 100000\n");
            case "memory" ->
                Map.of(
                        "memory.max",
                        "max\n",
                        "memory.swap.max",
                        "max\n",
                        "memory.oom.group",
                        "0\n",
                        "memory.current",
                        "8388608\n",
                        "memory.reclaim",
                        "",
                        "memory.stat",
                        "anon 4096\nfile 8192\ninactive_file 4096\n",
                        "memory.events",
                        "low 0\nmax 3\noom 1\noom_kill 2\n");
            case "pids" -> Map.of("pids.max", "max\n", "pids.current", "4\n");
            case "cpuset" -> Map.of("cpuset.cpus", "\n", "cpuset.cpus.effective", "0-1\n");
            case "io" -> Map.of("io.max", "", "io.stat", "254:0 rbytes=10 wbytes=20 rios=1 wios=1\n");
            default -> Map.of();
        };
    }

    @Override
    public void removeDirectory(Path directory) throws IOException {
        refuse(directory);
        if (!exists(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
        if (!directories(directory).isEmpty()) {
            throw new IOException("Device or resource busy");
        }
        log.add("rmdir " + MOUNT.relativize(directory));
        files.keySet().removeIf(file -> directory.equals(file.getParent()));
    }

    @Override
    public boolean exists(Path path) {
        return files.containsKey(path) || files.containsKey(path.resolve("cgroup.procs"));
    }

    @Override
    public List<String> directories(Path directory) {
        return files.keySet().stream()
                .filter(file -> file.endsWith("cgroup.procs"))
                .map(Path::getParent)
                .filter(group -> directory.equals(group.getParent()))
                .map(group -> group.getFileName().toString())
                .toList();
    }

    /** The dead are in no group. */
    @Override
    public String read(Path file) throws IOException {
        if (!file.endsWith("cgroup.procs")) {
            return text(file);
        }
        return text(file)
                .lines()
                .filter(pid -> ProcessHandle.of(Long.parseLong(pid)).isPresent())
                .map(pid -> pid + "\n")
                .collect(Collectors.joining());
    }

    @Override
    public void write(Path file, String value) throws IOException {
        refuse(file);
        text(file);
        log.add(MOUNT.relativize(file) + "=" + value.strip());
        switch (file.getFileName().toString()) {
            case "cgroup.subtree_control" -> files.put(file, handedDown(file, value));
            case "cgroup.freeze" ->
                put(Objects.requireNonNull(file.getParent()), "cgroup.events", "populated 0\nfrozen " + value);
            case "cpuset.cpus" -> {
                files.put(file, value);
                files.put(file.resolveSibling("cpuset.cpus.effective"), effective(value));
            }
            case "memory.max" -> files.put(file, pages(value));
            case "memory.reclaim" -> reclaim(file);
            default -> files.put(file, value);
        }
    }

    /** Down to 6 MiB, and what may be swapped out of these. */
    private void reclaim(Path file) {
        String swap =
                files.getOrDefault(file.resolveSibling("memory.swap.max"), "0").strip();
        long swappable = swap.equals("max") ? 0 : Math.min(6 << 20, Long.parseLong(swap));
        files.put(file.resolveSibling("memory.current"), ((6 << 20) - swappable) + "\n");
        files.put(file.resolveSibling("memory.swap.current"), swappable + "\n");
    }

    @Override
    public String writeAndRead(Path file, String value) throws IOException {
        write(file, value);
        return text(file);
    }

    @Override
    public int filterDevices(Path directory, byte[] program) throws IOException {
        refuse(directory.resolve("devices"));
        if (deviceFilters(directory).isEmpty()) {
            log.add("filter devices in " + MOUNT.relativize(directory));
            filtered.add(directory);
        }
        return 7;
    }

    @Override
    public List<Integer> deviceFilters(Path directory) {
        return filtered.stream().anyMatch(directory::startsWith) ? List.of(7) : List.of();
    }

    void put(Path directory, String file, String text) {
        files.put(directory.resolve(file), text);
    }

    void forget(Path file) {
        files.remove(file);
    }

    private String handedDown(Path file, String value) throws IOException {
        List<String> available = Arrays.asList(
                text(file.resolveSibling("cgroup.controllers")).strip().split(" ", -1));
        List<String> enabled = new ArrayList<>();
        for (String change : value.strip().split(" ", -1)) {
            if (!available.contains(change.substring(1))) {
                throw new IOException("No such file or directory");
            }
            enabled.add(change.substring(1));
        }
        return String.join(" ", enabled) + "\n";
    }

    private static String effective(String value) {
        java.util.BitSet cpus = CpuList.parse(value);
        cpus.and(CpuList.parse("0-1"));
        return cpus.isEmpty() ? "0-1\n" : cpus.toString().replaceAll("[{} ]", "") + "\n";
    }

    private static String pages(String value) {
        String text = value.strip();
        return text.equals("max") ? "max\n" : Long.parseLong(text) / 4096 * 4096 + "\n";
    }

    private void refuse(Path path) throws IOException {
        for (Map.Entry<String, String> refusal : refusals.entrySet()) {
            if (path.endsWith(refusal.getKey())) {
                throw new IOException(refusal.getValue());
            }
        }
    }

    private String text(Path file) throws IOException {
        String text = files.get(file);
        if (text == null) {
            throw new NoSuchFileException(file.toString());
        }
        return text;
    }
}
