package dev.landlord.controlplane;

import dev.landlord.controlplane.backup.Restore;
import dev.landlord.controlplane.network.ClusterAddresses;
import dev.landlord.controlplane.network.Subnet;
import dev.landlord.controlplane.node.ReportTimings;
import dev.landlord.controlplane.ratelimit.Rate;
import dev.landlord.controlplane.ratelimit.RateLimits;
import dev.landlord.controlplane.scheduler.Scheduler.Strategy;
import dev.landlord.controlplane.store.Database;
import dev.landlord.controlplane.store.StoreLocation;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What an operator may set, under {@code landlord}. Unknown names are refused, so that a misspelt one does not go unnoticed.
 *
 * @param stateDir holds the database, keys and first tokens; made 0700 if missing
 * @param bindAddress where all three listeners listen
 * @param advertisedNames host names and addresses for the server's certificate
 * @param publicPort REST; a port of 0 is any free one
 * @param nodePort agents
 * @param managementPort probes and metrics
 * @param database where the store is
 * @param node how often nodes report, and what silence means
 * @param authority whose certificates the listeners show
 * @param network how addresses are divided
 * @param scheduler which node is taken
 * @param rateLimit how many requests one may make
 */
@ConfigurationProperties(prefix = "landlord", ignoreUnknownFields = false)
public record ControlPlaneProperties(
        @DefaultValue("/var/lib/landlord/control-plane") Path stateDir,
        @DefaultValue("127.0.0.1") InetAddress bindAddress,
        @DefaultValue({"localhost", "127.0.0.1"}) List<String> advertisedNames,
        @DefaultValue("7700") int publicPort,
        @DefaultValue("7701") int nodePort,
        @DefaultValue("7702") int managementPort,
        @DefaultValue DatabaseSettings database,
        @DefaultValue NodeSettings node,
        @DefaultValue AuthoritySettings authority,
        @DefaultValue NetworkSettings network,
        @DefaultValue SchedulerSettings scheduler,
        @DefaultValue RateLimitSettings rateLimit) {
    private static final Duration LIFE_MIN = Duration.ofSeconds(10);
    private static final Duration LIFE_MAX = Duration.ofDays(825);

    /**
     * The store: a file of SQLite in the state folder unless a URL names a database of PostgreSQL.
     *
     * @param url {@code jdbc:postgresql://HOST[,HOST]/DATABASE}
     * @param restoreFrom a copy that becomes the store at this start; there must be none yet
     * @param passwordFile its first line is the password; none is needed where the database trusts the user otherwise
     */
    public record DatabaseSettings(
            @DefaultValue("") String url,
            @DefaultValue("landlord") String user,
            @Nullable Path passwordFile,
            @Nullable Path restoreFrom) {
        private static final String FILE = "landlord.db";

        public DatabaseSettings {
            if (!url.isEmpty() && restoreFrom != null) {
                throw new IllegalArgumentException("landlord.database.restore-from is for a file of SQLite, not for "
                        + "landlord.database.url: use pg_restore");
            }
            if (!url.isEmpty() && !url.startsWith("jdbc:postgresql://")) {
                throw new IllegalArgumentException(
                        "landlord.database.url must begin with jdbc:postgresql:// or be empty, was " + url);
            }
            if (url.contains("password=")) {
                throw new IllegalArgumentException(
                        "landlord.database.url must not have the password: name landlord.database.password-file");
            }
        }

        void restore(StateFolder folder) {
            if (restoreFrom == null) {
                return;
            }
            try {
                Restore.into(folder.path(), FILE, restoreFrom, Database.newIncarnation());
            } catch (IOException failure) {
                throw new StartRefused(
                        "landlord.database.restore-from: " + failure.getMessage(),
                        "Once the store is restored, remove the setting; before, move away the store that is there.");
            }
        }

        StoreLocation location(StateFolder folder) {
            return url.isEmpty()
                    ? new StoreLocation.Sqlite(folder.path().resolve(FILE))
                    : new StoreLocation.Postgres(url, user, password());
        }

        private String password() {
            if (passwordFile == null) {
                return "";
            }
            try (BufferedReader lines = Files.newBufferedReader(passwordFile)) {
                String first = lines.readLine();
                return first == null ? "" : first;
            } catch (IOException failure) {
                throw new StartRefused(
                        "landlord.database.password-file " + passwordFile + " cannot be read: " + failure.getMessage(),
                        "Name a readable file.");
            }
        }
    }

    /**
     * The certificate authority: in the state folder, made there at the first start, unless two files are named.
     *
     * @param certificateFile PEM
     * @param keyFile its key, PKCS#8 in PEM
     * @param replace take this authority although the database is used by control planes of another one
     * @param serverLife of the certificate that the listeners show, 10 s to 825 d
     */
    public record AuthoritySettings(
            @Nullable Path certificateFile,
            @Nullable Path keyFile,
            @DefaultValue("false") boolean replace,
            @DefaultValue("825d") Duration serverLife) {
        public AuthoritySettings {
            requireLife("authority.server-life", serverLife);
            if ((certificateFile == null) != (keyFile == null)) {
                throw new IllegalArgumentException(
                        "landlord.authority.certificate-file and landlord.authority.key-file go together: name both or none");
            }
        }
    }

    /**
     * When a node reports and when it is missed.
     *
     * @param reportInterval 100 ms to 1 min; longer by itself in a cluster of more than 1,000 nodes
     * @param suspectAfter silence; three intervals when absent
     * @param lostAfter silence; nine intervals when absent
     * @param certificateLife of the certificates by which nodes are known, 10 s to 825 d; an agent renews its own after two
     *     thirds of it
     */
    public record NodeSettings(
            @DefaultValue("1s") Duration reportInterval,
            @Nullable Duration suspectAfter,
            @Nullable Duration lostAfter,
            @DefaultValue("30d") Duration certificateLife) {
        public NodeSettings {
            requireLife("node.certificate-life", certificateLife);
        }

        ReportTimings timings() {
            long interval = reportInterval.toMillis();
            ReportTimings usual = ReportTimings.ofInterval(interval);
            return new ReportTimings(
                    interval,
                    suspectAfter == null ? usual.suspectAfter() : suspectAfter.toMillis(),
                    lostAfter == null ? usual.lostAfter() : lostAfter.toMillis());
        }
    }

    /**
     * The cluster's addresses.
     *
     * @param clusterCidr all that sandboxes can have
     * @param nodePrefix size of each node's part
     * @param controlPlaneAddresses IPv4 addresses that sandboxes must not reach; when empty, those among the bind address
     *     and the advertised names that are not loopback
     */
    public record NetworkSettings(
            @DefaultValue("100.64.0.0/10") String clusterCidr,
            @DefaultValue("22") int nodePrefix,
            @DefaultValue List<String> controlPlaneAddresses) {
        public NetworkSettings {
            controlPlaneAddresses = List.copyOf(controlPlaneAddresses);
        }
    }

    /** What decides between nodes that would do. */
    public record SchedulerSettings(@DefaultValue("spread") Strategy strategy) {}

    /**
     * How many requests of the public API one may make, in each control plane. All are 1 or more.
     *
     * @param tokenPerSecond with one token
     * @param tenantPerSecond of one tenant, with all its tokens
     * @param changesPerSecond of those, what may change something
     * @param failuresPerSecond wrong tokens from one address, on each listener
     * @param burstSeconds what was not used for so long may be used at once
     */
    public record RateLimitSettings(
            @DefaultValue("500") long tokenPerSecond,
            @DefaultValue("1000") long tenantPerSecond,
            @DefaultValue("20") long changesPerSecond,
            @DefaultValue("20") long failuresPerSecond,
            @DefaultValue("20") long burstSeconds) {
        private static final long MOST = 1_000_000;

        public RateLimitSettings {
            require("token-per-second", tokenPerSecond);
            require("tenant-per-second", tenantPerSecond);
            require("changes-per-second", changesPerSecond);
            require("failures-per-second", failuresPerSecond);
            require("burst-seconds", burstSeconds);
        }

        RateLimits limits() {
            return new RateLimits(new RateLimits.Rates(
                    rate(tokenPerSecond), rate(tenantPerSecond), rate(changesPerSecond), rate(failuresPerSecond)));
        }

        private Rate rate(long perSecond) {
            return new Rate(perSecond, perSecond * burstSeconds);
        }

        private static void require(String name, long value) {
            if (value < 1 || value > MOST) {
                throw new IllegalArgumentException(
                        "landlord.rate-limit." + name + " must be between 1 and " + MOST + ", was " + value);
            }
        }
    }

    public ControlPlaneProperties {
        advertisedNames = List.copyOf(advertisedNames);
        requirePort("landlord.public-port", publicPort);
        requirePort("landlord.node-port", nodePort);
        requirePort("landlord.management-port", managementPort);
        if (advertisedNames.isEmpty()) {
            throw new IllegalArgumentException("landlord.advertised-names must have at least one entry");
        }
    }

    private static void requireLife(String property, Duration life) {
        if (life.compareTo(LIFE_MIN) < 0 || life.compareTo(LIFE_MAX) > 0) {
            throw new IllegalArgumentException("landlord." + property + " must be between 10s and 825d, was " + life);
        }
    }

    ClusterAddresses addresses() {
        try {
            Subnet cluster = Subnet.parse(network.clusterCidr);
            return new ClusterAddresses(cluster, network.nodePrefix, controlPlaneAddresses());
        } catch (IllegalArgumentException invalid) {
            String message = String.valueOf(invalid.getMessage());
            throw new StartRefused(
                    message.startsWith("landlord.") ? message : "landlord.network.cluster-cidr " + message,
                    "Change landlord.network.");
        }
    }

    private Set<String> controlPlaneAddresses() {
        if (!network.controlPlaneAddresses.isEmpty()) {
            return Set.copyOf(network.controlPlaneAddresses);
        }
        return Stream.concat(Stream.of(bindAddress.getHostAddress()), advertisedNames.stream())
                .filter(name -> Subnet.address(name)
                        .filter(address -> address != 0 && address >> 24 != 127)
                        .isPresent())
                .collect(Collectors.toSet());
    }

    private static void requirePort(String name, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(name + " must be between 0 and 65535, was " + port);
        }
    }
}
