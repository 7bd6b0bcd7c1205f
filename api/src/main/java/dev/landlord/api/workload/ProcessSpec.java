package dev.landlord.api.workload;

import dev.landlord.api.id.ImageName;
import dev.landlord.api.rlimit.Rlimit;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The program of a workload.
 *
 * @param command argv, 1 to 256 entries; the first is looked up in the image (by PATH if it has no slash)
 * @param env at most 256 variables
 * @param user {@code uid}, {@code uid:gid}, or a name from the image's /etc/passwd
 * @param workdir absolute path inside the image
 * @param init true: pid 1 is our reaping init; false: the program itself is pid 1
 * @param console null: it reads /dev/null
 * @param onDisconnect null: {@link OnDisconnect#KEEP}, which is not written
 * @param rlimits in place of what every program has; null: none. Empty becomes null
 */
public record ProcessSpec(
        ImageName image,
        List<String> command,
        Map<String, String> env,
        String user,
        String workdir,
        boolean init,
        @Nullable Console console,
        @Nullable OnDisconnect onDisconnect,
        @Nullable Map<Rlimit.Resource, Rlimit> rlimits) {
    /** What a node must have verified for a program that has a console. */
    public static final String CONSOLE_CAPABILITY = "console";

    /** What a node must have verified for a program that is to end with its lease. */
    public static final String LEASE_CAPABILITY = "lease";

    /** What agents say that do not pass rlimits over in what they are told. */
    public static final String RLIMITS_HEEDED = "assignment.rlimits";

    public ProcessSpec {
        onDisconnect = onDisconnect == OnDisconnect.KEEP ? null : onDisconnect;
        command = List.copyOf(command);
        env = Map.copyOf(env);
        if (command.isEmpty()) {
            throw new InvalidField("command", "must have at least one entry");
        }
        Check.size("command", command, 256);
        command.forEach(argument -> Check.kernelString("command", argument, 32 * 1024));
        Check.size("env", env.keySet(), 256);
        env.forEach(ProcessSpec::checkVariable);
        Check.kernelString("user", user, 64);
        Check.kernelString("workdir", workdir, 1024);
        if (!workdir.startsWith("/")) {
            throw new InvalidField("workdir", "must be an absolute path");
        }
        rlimits =
                rlimits == null || rlimits.isEmpty() ? null : Collections.unmodifiableSortedMap(new TreeMap<>(rlimits));
        if (rlimits != null) {
            rlimits.forEach(ProcessSpec::checkLimit);
        }
    }

    /** Of a program that reads nothing. */
    public ProcessSpec(
            ImageName image, List<String> command, Map<String, String> env, String user, String workdir, boolean init) {
        this(image, command, env, user, workdir, init, null, null, null);
    }

    /** Of a program that runs on wherever it is. */
    public ProcessSpec(
            ImageName image,
            List<String> command,
            Map<String, String> env,
            String user,
            String workdir,
            boolean init,
            @Nullable Console console) {
        this(image, command, env, user, workdir, init, console, null, null);
    }

    /** Those asked for; empty for none. */
    public Map<Rlimit.Resource, Rlimit> limits() {
        return rlimits == null ? Map.of() : rlimits;
    }

    /** There must never be two of one replica: it runs only for as long as its host has the lease. */
    public boolean endsWithLease() {
        return onDisconnect == OnDisconnect.STOP;
    }

    /** Capabilities that its node must have verified. */
    public Set<String> needs() {
        Set<String> needs = new HashSet<>();
        if (console != null) {
            needs.add(CONSOLE_CAPABILITY);
        }
        if (endsWithLease()) {
            needs.add(LEASE_CAPABILITY);
        }
        if (rlimits != null) {
            needs.add(RLIMITS_HEEDED);
        }
        return needs;
    }

    private static void checkLimit(Rlimit.Resource resource, Rlimit limit) {
        Check.between(List.of("rlimits", resource.wire(), "hard"), resource.least(), limit.hard(), resource.most());
        Check.between(List.of("rlimits", resource.wire(), "soft"), resource.least(), limit.soft(), limit.hard());
    }

    private static void checkVariable(String name, String value) {
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new InvalidField("env", "variable names must be non-empty and without '='");
        }
        Check.kernelString("env", name, 256);
        Check.kernelString("env." + name, value, 32 * 1024);
    }
}
