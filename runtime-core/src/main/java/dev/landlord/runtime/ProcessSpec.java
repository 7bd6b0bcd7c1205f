package dev.landlord.runtime;

import java.util.List;
import java.util.Map;

/**
 * The program to run. Ids are numbers inside the sandbox.
 *
 * @param command argv; the first entry is looked up inside the root, by PATH of {@code env} if it has no slash
 * @param workdir absolute path inside the root
 * @param console anything but {@code NONE} needs a fully isolated sandbox
 * @param rlimits of it and of all that it starts, in place of the runtime's own; they stay as they are for as long as it runs.
 *     Only a fully isolated sandbox has any
 */
public record ProcessSpec(
        List<String> command,
        Map<String, String> env,
        String workdir,
        int uid,
        int gid,
        List<Integer> groups,
        Console console,
        List<Rlimit> rlimits) {
    public ProcessSpec {
        command = List.copyOf(command);
        env = Map.copyOf(env);
        groups = List.copyOf(groups);
        rlimits = List.copyOf(rlimits);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("command must not be empty");
        }
        if (!workdir.startsWith("/")) {
            throw new IllegalArgumentException("workdir must be absolute");
        }
        if (uid < 0 || uid > 65_534 || gid < 0 || gid > 65_534) {
            throw new IllegalArgumentException("uid and gid must be between 0 and 65534");
        }
        if (rlimits.stream().map(Rlimit::resource).distinct().count() < rlimits.size()) {
            throw new IllegalArgumentException("rlimits must have each resource only once");
        }
    }

    /** Of a program that reads nothing. */
    public ProcessSpec(
            List<String> command, Map<String, String> env, String workdir, int uid, int gid, List<Integer> groups) {
        this(command, env, workdir, uid, gid, groups, Console.NONE, List.of());
    }

    /** Of a program that may have what every one may. */
    public ProcessSpec(
            List<String> command,
            Map<String, String> env,
            String workdir,
            int uid,
            int gid,
            List<Integer> groups,
            Console console) {
        this(command, env, workdir, uid, gid, groups, console, List.of());
    }
}
