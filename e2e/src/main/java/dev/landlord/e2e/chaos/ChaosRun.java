package dev.landlord.e2e.chaos;

import dev.landlord.e2e.cluster.Eventually;
import dev.landlord.e2e.cluster.RestClient;
import dev.landlord.e2e.cluster.TimedDeployment;
import dev.landlord.e2e.customer.Census;
import dev.landlord.e2e.customer.ChangeLog;
import dev.landlord.e2e.customer.Courier;
import dev.landlord.e2e.customer.Customer;
import dev.landlord.e2e.customer.Pulse;
import dev.landlord.e2e.fault.Fault;
import dev.landlord.e2e.history.Entry;
import dev.landlord.e2e.history.Event;
import dev.landlord.e2e.history.HistoryChecker;
import dev.landlord.e2e.history.Verdict;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** One run: puts a site up, lets customers use it, breaks it fault by fault, and judges. Not thread-safe. */
public final class ChaosRun {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> NAMES = List.of("alice", "bob", "carol");
    private static final int TOLD_FRAMES = 5;
    private static final String EVE = "eve";
    /** A host that is cut off for long is given up; one whose agent only starts anew is not, however busy the machine is. */
    private static final List<String> SETTINGS = List.of("--landlord.node.lost-after=15s");

    private static final Map<String, Object> PLAN = plan(100_000, 64L << 30);
    /** So large that it refuses none for what it asks for; nothing of it finds a place. */
    private static final Map<String, Object> PLENTY = plan(1_000_000, 8L << 40);

    private final PrintStream out;
    private final Releases releases;
    private final long seed;
    private final int hosts;
    private final List<Fault> faults;
    private final Pulse pulse = new Pulse();
    private final List<Customer> customers = new ArrayList<>();
    private final List<FaultRecord> records = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private long beginNanos;

    /**
     * A run that has not begun.
     *
     * @param seed of what customers do; the faults are given
     * @param hosts with agents, 1 to 4
     */
    public ChaosRun(PrintStream out, Releases releases, long seed, int hosts, List<Fault> faults) {
        this.out = out;
        this.releases = releases;
        this.seed = seed;
        this.hosts = hosts;
        this.faults = List.copyOf(faults);
    }

    private static Map<String, Object> plan(long cpuMillis, long memoryBytes) {
        return Map.of(
                "cpuMillis",
                cpuMillis,
                "cpuWeight",
                100,
                "memoryBytes",
                memoryBytes,
                "pids",
                100_000,
                "diskBytes",
                64L << 30,
                "inodes",
                10_000_000,
                "priority",
                50,
                "trustClass",
                "default");
    }

    /** Plays it; whatever happens, nothing of it is left on the host. Writes the report, prints it, and tells if it holds. */
    public boolean play(Path reportFile) throws IOException, InterruptedException {
        Verdict verdict = new Verdict(0, List.of(), List.of(), List.of());
        try (Premises premises = Premises.take(violations, reportFile.resolveSibling("logs"))) {
            Site site = premises.build(releases, hosts, SETTINGS);
            out.printf("seed %d: %d hosts, 2 control planes, %d faults%n", seed, hosts, faults.size());
            if (releases.differ()) {
                out.printf("%s beside %s%n", releases.older(), releases.newer());
            }
            site.start();
            verdict = use(site, premises);
        } catch (IOException | RuntimeException broken) {
            violations.add("the run broke off: " + broken + " "
                    + List.of(broken.getStackTrace()).stream()
                            .limit(TOLD_FRAMES)
                            .toList());
        }
        ChaosReport report = ChaosReport.of(seed, records, pulse.reads(), verdict, violations);
        report.write(reportFile);
        report.print(out);
        return report.holds();
    }

    private Verdict use(Site site, Premises premises) throws IOException, InterruptedException {
        RestClient operator = site.operator(site.replicas().getFirst());
        operator.put("/api/v1/plans/chaos", PLAN).must("put the plan");
        operator.put("/api/v1/plans/plenty", PLENTY).must("put Eve's plan");
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < NAMES.size(); i++) {
            Courier courier = new Courier(clients(site, admit(operator, NAMES.get(i), "chaos")), i);
            customers.add(new Customer(NAMES.get(i), i, i > 0, courier, pulse, random.split()));
        }
        TimedDeployment eve =
                new TimedDeployment(site.anonymous(site.replicas().getLast()).as(admit(operator, EVE, "plenty")), EVE);
        List<Thread> threads = customers.stream()
                .map(customer ->
                        Thread.ofPlatform().daemon().name(customer.name()).start(customer))
                .toList();
        try {
            beginNanos = System.nanoTime();
            breakOneByOne(new Breaker(site, eve));
            awaitNodes(site.operator(site.leader()));
        } finally {
            customers.forEach(Customer::end);
            for (Thread thread : threads) {
                thread.join(2 * PATIENCE.toMillis());
            }
        }
        RestClient last = site.operator(site.leader());
        Verdict verdict = judge(last);
        premises.dismiss(last, NAMES, EVE);
        return verdict;
    }

    private static String admit(RestClient operator, String tenant, String plan) {
        return operator.put("/api/v1/tenants/" + tenant, Map.of("plan", plan))
                .must("admit " + tenant)
                .json()
                .path("token")
                .asString();
    }

    private static List<RestClient> clients(Site site, String token) {
        return site.replicas().stream()
                .map(replica -> site.anonymous(replica).as(token))
                .toList();
    }

    private void breakOneByOne(Breaker breaker) throws IOException, InterruptedException {
        for (Fault fault : faults) {
            while (millis() < fault.atMillis()) {
                pause();
            }
            breaker.prepare();
            long at = millis();
            long before = pulse.acknowledged();
            Breakage breakage = breaker.strike(fault);
            out.printf("%6d ms  %s: %s%n", at, fault.kind().words(), breakage.target());
            long first = firstAfter(before, at, at + fault.lengthMillis());
            long meanwhile = pulse.acknowledged() - before;
            String told = breakage.heal().heal();
            long healed = millis();
            String observed = words(meanwhile, first, recovered(fault, healed), told);
            out.printf("%6d ms  healed: %s%n", healed, observed);
            records.add(new FaultRecord(fault.kind().words(), breakage.target(), at, healed, observed));
        }
    }

    private static String words(long meanwhile, long first, long recovered, String told) {
        return meanwhile + " changes acknowledged meanwhile" + (first < 0 ? "" : ", the first after " + first + " ms")
                + "; once healed, the next after " + recovered + " ms" + (told.isEmpty() ? "" : "; " + told);
    }

    /** Lets the time pass; when the first change was acknowledged in it, from its begin, or -1. */
    private long firstAfter(long acknowledged, long begin, long end) {
        long first = -1;
        while (millis() < end) {
            if (first < 0 && pulse.acknowledged() > acknowledged) {
                first = millis() - begin;
            }
            pause();
        }
        return first;
    }

    private long recovered(Fault fault, long healed) throws InterruptedException {
        long before = pulse.acknowledged();
        if (!Eventually.observe(PATIENCE, () -> pulse.acknowledged() > before, done -> done)) {
            violations.add("no change was acknowledged within " + PATIENCE + " after "
                    + fault.kind().words() + " was healed");
        }
        return millis() - healed;
    }

    private static void pause() {
        LockSupport.parkNanos(10_000_000);
    }

    private long millis() {
        return (System.nanoTime() - beginNanos) / 1_000_000;
    }

    private void awaitNodes(RestClient operator) throws InterruptedException {
        long ready = Eventually.observe(PATIENCE, () -> readyNodes(operator), count -> count == hosts);
        if (ready != hosts) {
            violations.add(ready + " of " + hosts + " nodes are ready " + PATIENCE + " after the last fault");
        }
    }

    private static long readyNodes(RestClient operator) {
        try {
            return operator.get("/api/v1/nodes")
                    .json()
                    .path("items")
                    .valueStream()
                    .filter(node -> node.path("state").asString().equals("ready"))
                    .count();
        } catch (UncheckedIOException noAnswer) {
            return 0;
        }
    }

    private Verdict judge(RestClient operator) throws InterruptedException {
        Census census = new Census(operator, customers);
        violations.addAll(census.await());
        List<Event> events = new ArrayList<>();
        List<Entry> log = new ArrayList<>();
        for (Customer customer : customers) {
            events.addAll(customer.events());
            log.addAll(ChangeLog.of(operator, customer.name()));
            violations.addAll(customer.courier().wrongAnswers());
        }
        return HistoryChecker.judge(events, log, census.states());
    }
}
