package dev.landlord.e2e.chaos;

import dev.landlord.e2e.cluster.Departure;
import dev.landlord.e2e.cluster.Eventually;
import dev.landlord.e2e.cluster.RestClient;
import dev.landlord.e2e.host.Footprint;
import dev.landlord.e2e.host.HostInventory;
import dev.landlord.e2e.host.HostInventory.Kind;
import dev.landlord.e2e.host.HostSweep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The host before, while and after a site is on it: afterwards it has to be as it was before. */
final class Premises implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Footprint footprint;
    private final HostInventory before;
    private final List<String> violations;
    private final Path logs;
    private @Nullable Site site;

    private Premises(Footprint footprint, HostInventory before, List<String> violations, Path logs) {
        this.footprint = footprint;
        this.before = before;
        this.violations = violations;
        this.logs = logs;
    }

    /**
     * Takes an inventory.
     *
     * @param violations to which is added what is left in the end
     * @param logs where the logs of all programs are kept
     */
    static Premises take(List<String> violations, Path logs) throws IOException {
        Path scratch = Files.createTempDirectory("landlord-chaos-");
        Footprint footprint = Footprint.of("landlord-chaos", scratch);
        return new Premises(footprint, HostInventory.take(footprint), violations, logs);
    }

    Site build(Releases releases, int hosts, List<String> settings) {
        site = new Site(releases, footprint, hosts, settings);
        return site;
    }

    /** The tenants go, and it is for the agents to take away what they had. */
    void dismiss(RestClient operator, List<String> customers, String eve) throws InterruptedException {
        List<String> all = Stream.concat(customers.stream(), Stream.of(eve)).toList();
        all.forEach(tenant -> Departure.of(operator, tenant, PATIENCE));
        NavigableSet<String> left = Eventually.observe(PATIENCE, () -> leftOf(customers), NavigableSet::isEmpty);
        left.forEach(thing -> violations.add("left by a tenant that is gone: " + thing));
    }

    /** Their control groups, while the agents run; whatever ran in them has ended when they are gone. */
    private NavigableSet<String> leftOf(List<String> tenants) {
        try {
            return HostInventory.controlGroupsNamed(footprint, tenants);
        } catch (IOException e) {
            throw new UncheckedIOException("look for control groups: " + e.getMessage(), e);
        }
    }

    /** Everything leaves, then the host is compared with how it was. */
    @Override
    public void close() throws IOException {
        try {
            if (site != null) {
                site.close();
            }
            keepLogs();
            compare(List.of(Kind.PROCESS, Kind.MOUNT, Kind.NAMESPACE, Kind.NETWORK_LINK));
        } finally {
            HostSweep.sweep(footprint);
        }
        compare(List.of(Kind.CONTROL_GROUP, Kind.FILE));
    }

    private void keepLogs() throws IOException {
        HostSweep.deleteTree(logs);
        Files.createDirectories(logs);
        try (Stream<Path> files = Files.walk(footprint.scratch(), 2)) {
            List<Path> kept = files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().endsWith("log"))
                    .toList();
            for (Path file : kept) {
                Files.copy(file, logs.resolve(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void compare(List<Kind> kinds) throws IOException {
        HostInventory after = HostInventory.take(footprint);
        for (Kind kind : kinds) {
            NavigableSet<String> beyond = new TreeSet<>(after.beyond(before, kind));
            beyond.removeIf(thing -> !isOurs(kind, thing));
            beyond.forEach(thing -> violations.add("left on the host: " + kind.words() + " " + thing));
        }
    }

    /** Mounts, links and named namespaces are listed of the whole host, where others may be at work. */
    private boolean isOurs(Kind kind, String thing) {
        String rack = "rack" + footprint.number() + "-";
        return switch (kind) {
            case MOUNT -> thing.contains(footprint.scratch().toString());
            case NETWORK_LINK -> (thing + "-").startsWith(rack);
            case NAMESPACE -> !thing.startsWith("netns ") || thing.startsWith("netns " + rack);
            default -> true;
        };
    }
}
