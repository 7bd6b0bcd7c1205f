package dev.landlord.e2e.demo;

import dev.landlord.e2e.host.ReceivedDatagrams;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What an attack is judged by: where things stood before it, and where to look now. */
final class AttackScene {
    private static final int TAIL_BYTES = 65_536;
    private static final Pattern SIZE = Pattern.compile("size (\\d+)");
    private static final Pattern SENT = Pattern.compile("flood \\d+ sent=(\\d+)");
    private static final Pattern INODES = Pattern.compile("inodes (\\d+)");

    private final Stage stage;
    private final String workload;
    private final long cpuNanosBefore;
    private final long beganAtNanos;
    private final int neighbourRestartsBefore;
    private final long datagramsBefore;
    private long mostProcesses;

    AttackScene(Stage stage, String workload) {
        this.stage = stage;
        this.workload = workload;
        this.cpuNanosBefore = stage.eve().counters().cpuNanos();
        this.beganAtNanos = System.nanoTime();
        this.neighbourRestartsBefore = neighbourRestarts();
        this.datagramsBefore = datagramsAtBobs();
    }

    /** To be called now and then while the attack lasts. */
    void watch() {
        mostProcesses = Math.max(mostProcesses, stage.eve().counters().mostPidsInOneSandbox());
    }

    String cpuPercentOfCore() {
        long used = stage.eve().counters().cpuNanos() - cpuNanosBefore;
        double percent = 100.0 * used / (System.nanoTime() - beganAtNanos);
        return String.format(Locale.ROOT, "%.1f %% of a core", percent);
    }

    String outOfMemory() {
        List<Allocation> found = stage.eve().allocations(workload);
        boolean killed = found.stream().anyMatch(Allocation::oomKilled);
        int restarts = found.stream().mapToInt(Allocation::restarts).sum();
        return "out of memory " + killed + ", restarts " + restarts + ", restarts of the others "
                + (neighbourRestarts() - neighbourRestartsBefore);
    }

    String processes() {
        return "at most " + mostProcesses + " processes, "
                + stage.eve().counters().forksRefused() + " forks refused";
    }

    String disk() {
        String log = stage.eve().log(workload, TAIL_BYTES);
        return "no space left " + log.contains("No space left on device") + ", at most " + most(SIZE, log)
                + " bytes, at most " + most(INODES, log) + " directories";
    }

    String datagrams() {
        long sent = SENT.matcher(stage.eve().log(workload, TAIL_BYTES))
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
        return sent + " sent, " + (datagramsAtBobs() - datagramsBefore) + " arrived";
    }

    private long datagramsAtBobs() {
        return stage.bob().counters().programs().stream()
                .mapToLong(ReceivedDatagrams::of)
                .sum();
    }

    private static long most(Pattern number, String log) {
        return number.matcher(log)
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .max()
                .orElse(0);
    }

    private int neighbourRestarts() {
        return stage.tenants().stream()
                .flatMap(tenant -> tenant.allocations().stream())
                .filter(allocation -> !allocation.workload().equals(workload))
                .mapToInt(Allocation::restarts)
                .sum();
    }
}
