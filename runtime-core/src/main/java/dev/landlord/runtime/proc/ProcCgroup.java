package dev.landlord.runtime.proc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The text of {@code /proc/PID/cgroup}: in which group of each hierarchy a process is. */
public record ProcCgroup(List<Entry> entries) {
    private static final String DELETED = " (deleted)";

    public ProcCgroup {
        entries = List.copyOf(entries);
    }

    /**
     * One hierarchy.
     *
     * @param hierarchy 0 for version 2
     * @param controllers empty for version 2; a named hierarchy is one entry such as {@code name=systemd}
     * @param path of the group, from the root that the reader sees
     * @param deleted the group's directory was removed while the process lives on as a zombie
     */
    public record Entry(int hierarchy, Set<String> controllers, String path, boolean deleted) {}

    public static ProcCgroup parse(String text) {
        List<Entry> entries = new ArrayList<>();
        text.lines().filter(line -> !line.isEmpty()).forEach(line -> entries.add(entry(line)));
        return new ProcCgroup(entries);
    }

    /** The path in the hierarchy that has the controller; an empty name asks for version 2. */
    public Optional<String> path(String controller) {
        return entries.stream()
                .filter(e -> controller.isEmpty()
                        ? e.hierarchy() == 0
                        : e.controllers().contains(controller))
                .map(Entry::path)
                .findFirst();
    }

    private static Entry entry(String line) {
        int first = line.indexOf(':');
        int second = line.indexOf(':', first + 1); // the path itself may have colons
        if (first < 1 || second < 0) {
            throw new IllegalArgumentException("cgroup line without its fields: " + line);
        }
        String controllers = line.substring(first + 1, second);
        String path = line.substring(second + 1);
        boolean deleted = path.endsWith(DELETED);
        try {
            return new Entry(
                    Integer.parseInt(line.substring(0, first)),
                    controllers.isEmpty() ? Set.of() : Set.of(controllers.split(",", -1)),
                    deleted ? path.substring(0, path.length() - DELETED.length()) : path,
                    deleted);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("cgroup line with a bad number: " + line, e);
        }
    }
}
