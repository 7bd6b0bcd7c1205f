package dev.landlord.agent.protection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What this process does for its own safety, once, at its start. */
public final class SelfProtection {
    /**
     * Tenants have 500. What the agent starts, inherits this: its supervisors, which are to survive as well. Not lower, for
     * the host's own services come first.
     */
    static final int OOM_SCORE = -500;

    private SelfProtection() {}

    /**
     * Protects as far as it is permitted.
     *
     * @param self {@code /proc/self}
     * @return what could not be had, by name, with the reason
     */
    public static Map<String, String> apply(Path self) {
        Map<String, String> missing = new TreeMap<>();
        lowerOomScore(self.resolve("oom_score_adj")).ifPresent(why -> missing.put("agent.oom-score", why));
        sharedGroup(self.resolve("cgroup")).ifPresent(why -> missing.put("agent.cgroup", why));
        return missing;
    }

    private static Optional<String> lowerOomScore(Path file) {
        try {
            int now = Integer.parseInt(Files.readString(file).strip());
            if (now > OOM_SCORE) {
                Files.writeString(file, Integer.toString(OOM_SCORE), StandardOpenOption.WRITE);
            }
            return Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.of("write " + file + ": " + e.getMessage() + "; lowering it needs CAP_SYS_RESOURCE, so only"
                    + " the tenants' own raised score makes the kernel spare the agent");
        }
    }

    /** A process in the root group has no share of its own: it competes with all that the host does. */
    private static Optional<String> sharedGroup(Path file) {
        try {
            String text = Files.readString(file);
            String group = groupOf(text, "cpu").or(() -> groupOf(text, "")).orElse("/");
            return group.equals("/")
                    ? Optional.of("the agent runs in the root control group; start it as a service, which has its own")
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.of("read " + file + ": " + e.getMessage());
        }
    }

    /** Of a line {@code ID:CONTROLLERS:PATH} of cgroups(7); version 2 names no controllers. */
    private static Optional<String> groupOf(String text, String controller) {
        return text.lines()
                .map(line -> line.split(":", 3))
                .filter(parts -> parts.length == 3
                        && Arrays.asList(parts[1].split(",", -1)).contains(controller))
                .map(parts -> parts[2])
                .findFirst();
    }
}
