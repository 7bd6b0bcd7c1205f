package dev.landlord.cli.command;

import dev.landlord.api.id.PlanName;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.client.Reply;
import dev.landlord.cli.render.Quantities;
import dev.landlord.cli.render.View;
import dev.landlord.cli.session.Session;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is sold. */
@Command(
        name = "plan",
        description = "What is sold: amounts of CPU, memory and the rest.",
        synopsisSubcommandLabel = "COMMAND")
final class PlanCommands {
    private static final ApiPath PLANS = ApiPath.of("plans");

    private final Session session;

    PlanCommands(Session session) {
        this.session = session;
    }

    /** What a plan holds; what is left out is the server's default. */
    static final class Amounts {
        @Option(names = "--cpu", required = true, paramLabel = "CORES", description = "as 0.5 or 500m")
        private String cpu = "";

        @Option(names = "--memory", required = true, paramLabel = "BYTES", description = "as 256Mi")
        private String memory = "";

        @Option(names = "--pids", paramLabel = "N", description = "processes and threads")
        private @Nullable Long pids;

        @Option(names = "--disk", paramLabel = "BYTES", description = "all writable layers together")
        private @Nullable String disk;

        @Option(names = "--inodes", paramLabel = "N", description = "files in them")
        private @Nullable Long inodes;

        @Option(names = "--swap", paramLabel = "BYTES", description = "on top of the memory; else none")
        private @Nullable String swap;

        @Option(names = "--cpu-weight", paramLabel = "N", description = "share when the CPU is contended, 1 to 10000")
        private @Nullable Integer cpuWeight;

        @Option(names = "--priority", paramLabel = "N", description = "0 to 100")
        private @Nullable Integer priority;

        @Option(
                names = "--trust-class",
                paramLabel = "NAME",
                description = "tenants of different classes can be kept apart")
        private @Nullable String trustClass;

        @Option(names = "--io-read", paramLabel = "BYTES", description = "read per second, on each node, as 10Mi")
        private @Nullable String ioRead;

        @Option(names = "--io-write", paramLabel = "BYTES", description = "written per second, on each node")
        private @Nullable String ioWrite;

        @Option(names = "--io-read-ops", paramLabel = "N", description = "reads per second, on each node")
        private @Nullable Long ioReadOps;

        @Option(names = "--io-write-ops", paramLabel = "N", description = "writes per second, on each node")
        private @Nullable Long ioWriteOps;

        @Option(
                names = "--io-direct-writes-only",
                description = "limit direct and synced writes alone, which version 1 can; else all writes")
        private boolean ioDirectWritesOnly;

        @Option(names = "--io-weight", paramLabel = "N", description = "share when the disk is contended, 1 to 10000")
        private @Nullable Integer ioWeight;

        @Option(
                names = "--cpu-burst",
                paramLabel = "PERCENT",
                description = "what a replica may save up of its CPU, of what it gets in 100 ms, 1 to 100")
        private @Nullable Integer cpuBurstPercent;

        private ObjectNode io() {
            ObjectNode io = JsonMapper.shared().createObjectNode();
            if (ioRead != null) {
                io.put("readBytesPerSecond", Quantities.parseBytes("--io-read", ioRead));
            }
            if (ioWrite != null) {
                io.put("writeBytesPerSecond", Quantities.parseBytes("--io-write", ioWrite));
            }
            if (ioReadOps != null) {
                io.put("readOpsPerSecond", ioReadOps);
            }
            if (ioWriteOps != null) {
                io.put("writeOpsPerSecond", ioWriteOps);
            }
            if (ioDirectWritesOnly) {
                io.put("bufferedWrites", false);
            }
            return io;
        }

        ObjectNode spec() {
            ObjectNode spec = JsonMapper.shared().createObjectNode();
            spec.put("cpuMillis", Quantities.parseCpuMillis("--cpu", cpu));
            spec.put("memoryBytes", Quantities.parseBytes("--memory", memory));
            if (pids != null) {
                spec.put("pids", pids);
            }
            if (disk != null) {
                spec.put("diskBytes", Quantities.parseBytes("--disk", disk));
            }
            if (inodes != null) {
                spec.put("inodes", inodes);
            }
            if (swap != null) {
                spec.put("swapBytes", Quantities.parseBytes("--swap", swap));
            }
            if (cpuWeight != null) {
                spec.put("cpuWeight", cpuWeight);
            }
            if (priority != null) {
                spec.put("priority", priority);
            }
            if (trustClass != null) {
                spec.put("trustClass", trustClass);
            }
            ObjectNode io = io();
            if (!io.isEmpty()) {
                spec.set("io", io);
            }
            if (ioWeight != null) {
                spec.put("ioWeight", ioWeight);
            }
            if (cpuBurstPercent != null) {
                spec.put("cpuBurstPercent", cpuBurstPercent);
            }
            return spec;
        }
    }

    @Command(name = "put", description = "Make or change a plan.")
    int put(@Parameters(paramLabel = "NAME") PlanName name, @Mixin Amounts amounts) {
        Reply reply = session.client().put(PLANS.child(name), amounts.spec());
        session.printer()
                .print(reply.body(), out -> out.println("plan " + name + (reply.created() ? " created" : " changed")));
        return 0;
    }

    @Command(name = "list", description = "Print all plans.")
    int list() {
        session.printer().list(View.PLANS, session.items(PLANS));
        return 0;
    }

    @Command(name = "get", description = "Print one plan.")
    int get(@Parameters(paramLabel = "NAME") PlanName name) {
        session.printer().one(View.PLANS, session.client().get(PLANS.child(name)));
        return 0;
    }

    @Command(name = "delete", description = "Delete a plan that no tenant has.")
    int delete(@Parameters(paramLabel = "NAME") PlanName name) {
        return new Deletion(session).plan(name);
    }
}
