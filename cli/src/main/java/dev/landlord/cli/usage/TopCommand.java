package dev.landlord.cli.usage;

import dev.landlord.api.id.TenantName;
import dev.landlord.cli.client.ApiPath;
import dev.landlord.cli.client.LandlordClient;
import dev.landlord.cli.config.Settings;
import dev.landlord.cli.config.TokenFile;
import dev.landlord.cli.failure.CommandFailure;
import dev.landlord.cli.render.Quantities;
import dev.landlord.cli.render.Table;
import dev.landlord.cli.session.Patience;
import dev.landlord.cli.session.Session;
import dev.landlord.cli.usage.Usage.Grouping;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What is used right now. */
@Command(
        name = "top",
        description = {
            "Print what is used right now.",
            "CPU (100 % is one core), memory, the share of CPU periods in which programs were held back, and how often memory",
            "ran out. For the operator: reads the agents' metrics with the scrape token."
        })
public final class TopCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            paramLabel = "tenants|workloads|allocations",
            arity = "0..1",
            description = "what a line stands for; workloads if not given")
    private String by = "workloads";

    @Option(names = "--scrape-token-file", paramLabel = "FILE", description = "file that holds the scrape token")
    private @Nullable Path scrapeTokenFile;

    @Option(names = "--interval", paramLabel = "SECONDS", description = "time between the two readings; 2 if not given")
    private int intervalSeconds = 2;

    public TopCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Grouping grouping = grouping();
        if (intervalSeconds < 1 || intervalSeconds > 3600) {
            throw CommandFailure.usage("--interval " + intervalSeconds + ": must be between 1 and 3600");
        }
        TenantName tenant = session.settings().tenant();
        List<Agent> agents = agents();
        Reading earlier = read(agents);
        Patience.sleep(intervalSeconds * 1000L);
        Reading later = read(agents);
        List<Usage> usages = Usage.between(earlier, later, grouping, tenant == null ? null : tenant.value());
        session.printer().print(json(usages, grouping), out -> print(out, usages, grouping));
        return 0;
    }

    private Grouping grouping() {
        for (Grouping grouping : Grouping.values()) {
            if (grouping.name().toLowerCase(Locale.ROOT).equals(by)) {
                return grouping;
            }
        }
        throw CommandFailure.usage(by + ": must be one of tenants, workloads, allocations");
    }

    private record Agent(Settings settings, ApiPath path) {}

    /** The targets of the control plane's service discovery that are agents. */
    private List<Agent> agents() {
        Settings settings = session.settings();
        Path file = scrapeTokenFile == null ? settings.scrapeTokenFile() : scrapeTokenFile;
        if (file == null) {
            throw CommandFailure.usage(
                    "top needs the scrape token: give --scrape-token-file (scrape.token in the control"
                            + " plane's state folder) or LANDLORD_SCRAPE_TOKEN_FILE");
        }
        String token = TokenFile.read(file);
        List<Agent> agents = new ArrayList<>();
        for (JsonNode group : session.client().get(ApiPath.of("prometheus").child("targets"))) {
            agents.addAll(AgentTargets.of(group).stream()
                    .map(uri -> new Agent(
                            new Settings(uri, settings.caFile(), token, null, null), AgentTargets.path(group)))
                    .toList());
        }
        return agents;
    }

    private Reading read(List<Agent> agents) {
        List<List<Sample>> scrapes = new ArrayList<>();
        for (Agent agent : agents) {
            try (LandlordClient client = new LandlordClient(agent.settings())) {
                scrapes.add(Exposition.parse(client.text(agent.path()), Reading.WANTED));
            } catch (CommandFailure e) {
                // One lost host must not hide the others.
                e.lines().forEach(line -> session.terminal().say("warning: " + line));
            }
        }
        return Reading.of(System.nanoTime(), scrapes);
    }

    private static void print(PrintStream out, List<Usage> usages, Grouping grouping) {
        List<String> headers = new ArrayList<>(
                switch (grouping) {
                    case TENANTS -> List.of("TENANT", "SANDBOXES");
                    case WORKLOADS -> List.of("TENANT", "WORKLOAD", "SANDBOXES");
                    case ALLOCATIONS -> List.of("TENANT", "WORKLOAD", "ALLOCATION", "NODE");
                });
        headers.addAll(List.of("CPU%", "MEMORY", "LIMIT", "THROTTLED%", "OOM"));
        Table table = new Table(headers.toArray(String[]::new));
        for (Usage usage : usages) {
            List<String> cells = new ArrayList<>(usage.group());
            if (grouping != Grouping.ALLOCATIONS) {
                cells.add(Integer.toString(usage.sandboxes()));
            }
            cells.add(Quantities.decimal(usage.cores() * 100, 1));
            cells.add(Quantities.bytes((long) usage.memoryBytes()));
            cells.add(usage.memoryLimit() > 0 ? Quantities.bytes((long) usage.memoryLimit()) : "");
            cells.add(Quantities.decimal(usage.throttledShare() * 100, 1));
            cells.add(Long.toString(usage.ooms()));
            table.row(cells);
        }
        table.print(out, "");
    }

    private static ObjectNode json(List<Usage> usages, Grouping grouping) {
        List<String> names = List.of("tenant", "workload", "allocation", "node");
        ObjectNode whole = JsonMapper.shared().createObjectNode();
        ArrayNode items = whole.putArray("items");
        for (Usage usage : usages) {
            ObjectNode item = items.addObject();
            for (int index = 0; index < usage.group().size(); index++) {
                item.put(names.get(index), usage.group().get(index));
            }
            if (grouping != Grouping.ALLOCATIONS) {
                item.put("sandboxes", usage.sandboxes());
            }
            item.put("cores", usage.cores());
            item.put("memoryBytes", (long) usage.memoryBytes());
            item.put("memoryLimitBytes", (long) usage.memoryLimit());
            item.put("throttledShare", usage.throttledShare());
            item.put("oomKills", usage.ooms());
        }
        return whole;
    }
}
