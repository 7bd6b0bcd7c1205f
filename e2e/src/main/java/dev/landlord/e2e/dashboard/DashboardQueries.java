package dev.landlord.e2e.dashboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The queries of a dashboard, as Grafana would send them. Immutable. */
public final class DashboardQueries {
    /** Where the tenants' dashboard lies, from the top of the repository. */
    public static final Path TENANTS = Path.of("helm", "landlord", "dashboards", "tenants.json");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)}?");
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * One query of a panel.
     *
     * @param title of its panel
     * @param expr PromQL without variables
     */
    public record Query(String title, String expr) {}

    private DashboardQueries() {}

    /**
     * All queries of the tenants' dashboard, for all tenants, with rates over two minutes.
     *
     * @param repository the top of the repository
     * @throws IOException if the dashboard cannot be read
     */
    public static List<Query> tenants(Path repository) throws IOException {
        return read(repository.resolve(TENANTS), Map.of("tenant", ".*", "__rate_interval", "2m"));
    }

    /**
     * All queries of a dashboard, in the order of its panels.
     *
     * @param variables value by name, without the dollar
     * @throws IOException if the dashboard cannot be read
     * @throws IllegalArgumentException if a query uses a variable that was not given
     */
    public static List<Query> read(Path dashboard, Map<String, String> variables) throws IOException {
        List<Query> queries = new ArrayList<>();
        collect(JSON.readTree(Files.readString(dashboard)).path("panels"), variables, queries);
        return List.copyOf(queries);
    }

    /** Rows that are folded hold panels of their own. */
    private static void collect(JsonNode panels, Map<String, String> variables, List<Query> queries) {
        for (JsonNode panel : panels) {
            String title = panel.path("title").asString();
            for (JsonNode target : panel.path("targets")) {
                queries.add(
                        new Query(title, substitute(title, target.path("expr").asString(), variables)));
            }
            collect(panel.path("panels"), variables, queries);
        }
    }

    private static String substitute(String title, String expr, Map<String, String> variables) {
        return VARIABLE.matcher(expr).replaceAll(found -> {
            String value = variables.get(found.group(1));
            if (value == null) {
                throw new IllegalArgumentException(
                        "panel '" + title + "' uses $" + found.group(1) + ", which was not given");
            }
            return Matcher.quoteReplacement(value);
        });
    }
}
