package dev.landlord.runtime;

import java.util.List;
import java.util.Map;

/**
 * The program to run. Ids are numbers inside the sandbox.
 *
 * @param command argv; the first entry is looked up inside the root, by PATH of {@code env} if it has no slash
 * @param workdir absolute path inside the root
 * @param console anything but {@code NONE} needs a fully isolated sandbox
 */
public record ProcessSpec(
        List<String> command,
        Map<String, String> env,
        String workdir,
        int uid,
        int gid,
        List<Integer> groups,
        Console console) {
    public ProcessSpec {
        command = List.copyOf(command);
        env = Map.copyOf(env);
        groups = List.copyOf(groups);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("command must not be empty");
        }
        if (!workdir.startsWith("/")) {
            throw new IllegalArgumentException("workdir must be absolute");
        }
        if (uid < 0 || uid > 65_534 || gid < 0 || gid > 65_534) {
            throw new IllegalArgumentException("uid and gid must be between 0 and 65534");
        }
    }

    /** Of a program that reads nothing. */
    public ProcessSpec(
            List<String> command, Map<String, String> env, String workdir, int uid, int gid, List<Integer> groups) {
        this(command, env, workdir, uid, gid, groups, Console.NONE);
    }
}
