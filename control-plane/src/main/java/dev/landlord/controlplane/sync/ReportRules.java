package dev.landlord.controlplane.sync;

import dev.landlord.api.network.NodeNetwork;
import dev.landlord.api.node.NodeFacts;
import dev.landlord.api.sync.AppliedLimits;
import dev.landlord.api.sync.LimitDrift;
import dev.landlord.api.sync.NodeReport;
import dev.landlord.api.sync.NodeReport.HeldSet;
import dev.landlord.api.sync.ObservedAllocation;
import dev.landlord.controlplane.network.Subnet;
import dev.landlord.controlplane.web.ProblemException;
import java.util.Collection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a report must be like: whatever an agent says is kept in memory or stored, so all of it is bounded. Pure. */
final class ReportRules {
    private static final Pattern RUN = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Pattern ADDRESS =
            Pattern.compile("(?:[A-Za-z0-9.-]{1,253}|\\[[0-9a-fA-F:.]{2,45}]):([0-9]{1,5})");
    private static final int PORT_MAX = 65_535;
    private static final int ALLOCATIONS_MAX = 100_000;
    private static final int ENTRIES_MAX = 1000;
    private static final long AMOUNT_MAX = 1L << 50;
    /** Of a name, a version, a digest. */
    private static final int WORD_MAX = 256;
    /** Of what is said to people. */
    private static final int TEXT_MAX = 4096;

    private ReportRules() {}

    /**
     * Throws invalid-field for the first rule that is broken.
     *
     * @param cluster every address that a sandbox can have
     */
    static void check(NodeReport report, Subnet cluster) {
        WireJson.require(report.agentRun(), "/agentRun");
        WireJson.require(report.accepted(), "/accepted");
        require(report.sequence() >= 1, "/sequence", "must be 1 or more");
        require(RUN.matcher(report.agentRun()).matches(), "/agentRun", "must match " + RUN.pattern());
        String previous = report.previousRun();
        require(previous == null || RUN.matcher(previous).matches(), "/previousRun", "must match " + RUN.pattern());
        int named = report.changed().size()
                + report.gone().size()
                + report.orphans().size();
        require(named <= ALLOCATIONS_MAX, "/changed", "may name at most " + ALLOCATIONS_MAX + " allocations");
        for (ObservedAllocation observed : report.changed()) {
            WireJson.require(observed.allocation(), "/changed");
            WireJson.require(observed.phase(), "/changed");
            check(observed.limits());
        }
        check(report.facts(), cluster);
        check(report.held());
        require(
                report.drifts().size() <= LimitDrift.MAX_IN_REPORT,
                "/drifts",
                "may have at most " + LimitDrift.MAX_IN_REPORT + " entries");
        report.drifts().forEach(ReportRules::check);
    }

    /** They are added up. */
    private static void check(@Nullable AppliedLimits limits) {
        if (limits != null) {
            requireAmount(limits.cpuMillis(), "/changed/limits/cpuMillis");
            requireAmount(limits.memoryBytes(), "/changed/limits/memoryBytes");
            requireAmount(limits.pids(), "/changed/limits/pids");
            requireAmount(limits.swap(), "/changed/limits/swapBytes");
        }
    }

    private static void requireAmount(long amount, String pointer) {
        require(amount >= 0 && amount <= AMOUNT_MAX, pointer, "must be between 0 and " + AMOUNT_MAX);
    }

    private static void check(LimitDrift drift) {
        WireJson.require(drift.tenant(), "/drifts/tenant");
        requireLength(drift.limit(), "/drifts/limit", LimitDrift.MAX_TEXT);
        requireLength(drift.file(), "/drifts/file", LimitDrift.MAX_TEXT);
        requireLength(drift.wanted(), "/drifts/wanted", LimitDrift.MAX_TEXT);
        requireLength(drift.found(), "/drifts/found", LimitDrift.MAX_TEXT);
        if (drift.failure() != null) {
            requireLength(drift.failure(), "/drifts/failure", LimitDrift.MAX_TEXT);
        }
    }

    private static void check(@Nullable HeldSet held) {
        if (held != null) {
            WireJson.require(held.generation(), "/held/generation");
            requireLength(held.reason(), "/held/reason", TEXT_MAX);
        }
    }

    private static void check(@Nullable NodeFacts facts, Subnet cluster) {
        if (facts == null) {
            return;
        }
        require(facts.cpuMillis() >= 0, "/facts/cpuMillis", "must be 0 or more");
        require(facts.memoryBytes() >= 0, "/facts/memoryBytes", "must be 0 or more");
        require(facts.pids() >= 0, "/facts/pids", "must be 0 or more");
        require(facts.swap() >= 0, "/facts/swapBytes", "must be 0 or more");
        requireLength(facts.kernel(), "/facts/kernel", WORD_MAX);
        requireLength(facts.cgroupMode(), "/facts/cgroupMode", WORD_MAX);
        requireLength(facts.agentVersion(), "/facts/agentVersion", WORD_MAX);
        requireWords(facts.capabilities(), "/facts/capabilities", WORD_MAX);
        requireWords(facts.missing().keySet(), "/facts/missing", WORD_MAX);
        requireWords(facts.missing().values(), "/facts/missing", TEXT_MAX);
        requireWords(facts.images().values(), "/facts/images", WORD_MAX);
        requireAddress(facts.metricsAddress());
        check(facts.network(), cluster);
    }

    /** Others route to the address, and ports are counted by number. */
    private static void check(@Nullable NodeNetwork network, Subnet cluster) {
        if (network == null) {
            return;
        }
        WireJson.require(network.address(), "/facts/network/address");
        require(
                Subnet.address(network.address()).isPresent(),
                "/facts/network/address",
                "must be an IPv4 address such as 10.0.0.1");
        requireHost(Subnet.address(network.address()).orElseThrow(), cluster);
        require(
                network.firstPort() >= 1 && network.firstPort() <= network.lastPort() && network.lastPort() <= PORT_MAX,
                "/facts/network/firstPort",
                "must be between 1 and lastPort, and that at most " + PORT_MAX);
        require(
                network.extraPorts().size() <= ENTRIES_MAX
                        && network.extraPorts().stream().allMatch(port -> port >= 1 && port <= PORT_MAX),
                "/facts/network/extraPorts",
                "may have at most " + ENTRIES_MAX + " ports, each between 1 and " + PORT_MAX);
    }

    /** What is no host's address, or also a sandbox's, would be routed to and forbidden all the same. */
    private static void requireHost(long address, Subnet cluster) {
        require(
                address >> 24 != 0 && address >> 24 < 224,
                "/facts/network/address",
                "must be the address of a host, was " + Subnet.text(address));
        require(
                !cluster.contains(new Subnet(address, 32)),
                "/facts/network/address",
                "must not be an address that a sandbox can have: " + Subnet.text(address) + " is in " + cluster
                        + ", the control plane's landlord.network.cluster-cidr");
    }

    /** It becomes a target of Prometheus, which shows it the scrape token. */
    private static void requireAddress(String address) {
        WireJson.require(address, "/facts/metricsAddress");
        var parts = ADDRESS.matcher(address);
        boolean valid = parts.matches() && Integer.parseInt(parts.group(1)) <= PORT_MAX;
        require(valid, "/facts/metricsAddress", "must be host:port");
    }

    private static void requireWords(Collection<String> words, String pointer, int lengthMax) {
        require(words.size() <= ENTRIES_MAX, pointer, "may have at most " + ENTRIES_MAX + " entries");
        words.forEach(word -> requireLength(word, pointer, lengthMax));
    }

    private static void requireLength(String text, String pointer, int max) {
        WireJson.require(text, pointer);
        require(text.length() <= max, pointer, "may have at most " + max + " characters");
    }

    private static void require(boolean holds, String pointer, String rule) {
        if (!holds) {
            throw ProblemException.invalidField(pointer, rule);
        }
    }
}
