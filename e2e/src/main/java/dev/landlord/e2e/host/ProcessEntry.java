package dev.landlord.e2e.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One process of the host, as /proc shows it.
 *
 * @param commandLine arguments, each followed by a space; empty for a zombie or a kernel thread
 * @param cgroups text of its cgroup file
 * @param root where its root directory is, as seen from here
 */
public record ProcessEntry(long pid, long uid, String name, String commandLine, String cgroups, String root) {
    private static final Path PROC = Path.of("/proc");

    /** Processes that end while they are looked at are left out. */
    public static Stream<ProcessEntry> all() {
        String[] names = PROC.toFile().list((parent, name) -> name.chars().allMatch(Character::isDigit));
        return Stream.of(names == null ? new String[0] : names)
                .map(ProcessEntry::read)
                .flatMap(Optional::stream);
    }

    /** The process that asks. */
    public static ProcessEntry self() {
        return read("self").orElseThrow(() -> new IllegalStateException("/proc/self cannot be read"));
    }

    /** Empty when it has ended. */
    public static Optional<ProcessEntry> of(long pid) {
        return read(Long.toString(pid));
    }

    public boolean isRoot() {
        return uid == 0;
    }

    private static Optional<ProcessEntry> read(String pid) {
        Path directory = PROC.resolve(pid);
        try {
            String status = Files.readString(directory.resolve("status"));
            return Optional.of(new ProcessEntry(
                    Long.parseLong(field(status, "Pid:")),
                    Long.parseLong(field(status, "Uid:").split("\\s+", -1)[0]),
                    field(status, "Name:"),
                    new String(Files.readAllBytes(directory.resolve("cmdline")), StandardCharsets.UTF_8)
                            .replace('\0', ' '),
                    Files.readString(directory.resolve("cgroup")),
                    Files.readSymbolicLink(directory.resolve("root")).toString()));
        } catch (IOException ended) {
            return Optional.empty(); // it ended between the listing and the look
        }
    }

    private static String field(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("/proc/PID/status has no " + name));
    }

    boolean belongsTo(Footprint footprint) {
        String scratch = footprint.scratch().toString();
        return pid != ProcessHandle.current().pid()
                && (footprint.owns(uid)
                        || commandLine.contains(scratch)
                        || root.startsWith(scratch)
                        || cgroups.contains("/" + footprint.cgroupRoot()));
    }

    @Override
    public String toString() {
        return pid + " " + (commandLine.isBlank() ? name : commandLine.strip());
    }
}
