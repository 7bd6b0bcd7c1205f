package dev.landlord.e2e.demo;

import dev.landlord.e2e.cluster.Eventually;
import dev.landlord.e2e.dashboard.DashboardQueries;
import dev.landlord.e2e.report.DemoReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A real Prometheus, which watched all of it, is asked. */
final class MetricsAct {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ALL_ANSWERED = "an answer for each panel";

    private final DemoReport report;
    private final Stage stage;
    private final Path top;

    /** @param top of the repository, where the dashboard lies */
    MetricsAct(DemoReport report, Stage stage, Path top) {
        this.report = report;
        this.stage = stage;
        this.top = top;
    }

    void play() throws InterruptedException {
        report.step(
                "Prometheus asks the control plane whom to scrape, and scrapes it over TLS with its token",
                "the control plane and the three agents, all up",
                () -> Eventually.observe(PATIENCE, () -> stage.prometheus().targets(), MetricsAct::allUp)
                        .toString(),
                observed -> observed.matches("\\{([^,]*=up, ){3}[^,]*=up\\}"));
        figures(
                "CPU use by tenant",
                "a figure above zero for each of the three",
                "sum by (tenant) (rate(container_cpu_usage_seconds_total[2m]))",
                MetricsAct::aboveZeroForEach);
        figures(
                "memory in use by tenant, in MiB",
                "a figure above zero for each of the three",
                "sum by (tenant) (container_memory_working_set_bytes) / 1048576",
                MetricsAct::aboveZeroForEach);
        // Bob works as fast as his slice lets him, so his own cap catches him now and then.
        standsOut(
                "seconds for which tenants were throttled in the last ten minutes",
                2,
                "sum by (tenant) (increase(container_cpu_cfs_throttled_seconds_total[10m]))");
        standsOut(
                "kills for want of memory in the last ten minutes",
                10,
                "sum by (tenant) (increase(container_oom_events_total[10m]))");
        report.step(
                "every query of the Grafana dashboard",
                ALL_ANSWERED,
                () -> {
                    List<DashboardQueries.Query> queries = DashboardQueries.tenants(top);
                    return Eventually.observe(PATIENCE, () -> ask(queries), ALL_ANSWERED::equals);
                },
                ALL_ANSWERED::equals);
    }

    private String ask(List<DashboardQueries.Query> queries) {
        List<String> empty = queries.stream()
                .filter(query -> stage.prometheus().query(query.expr()).isEmpty())
                .map(DashboardQueries.Query::title)
                .toList();
        if (queries.isEmpty()) {
            return "the dashboard has no queries";
        }
        return empty.isEmpty() ? ALL_ANSWERED : "no answer for " + empty;
    }

    private static boolean allUp(Map<String, String> targets) {
        return targets.size() == 4 && targets.values().stream().allMatch("up"::equals);
    }

    private void standsOut(String what, int times, String expression) throws InterruptedException {
        figures(what, "Eve above 1, " + times + " times Alice's and Bob's", expression, values -> {
            double eve = values.getOrDefault("eve", 0.0);
            return eve >= 1
                    && eve >= times * values.getOrDefault("alice", Double.POSITIVE_INFINITY)
                    && eve >= times * values.getOrDefault("bob", Double.POSITIVE_INFINITY);
        });
    }

    /** The figures that are judged are those that are shown. */
    private void figures(String what, String expected, String expression, Predicate<Map<String, Double>> holds)
            throws InterruptedException {
        Map<String, Double> values = new TreeMap<>();
        report.step(
                what,
                expected,
                () -> {
                    values.putAll(stage.prometheus().queryBy("tenant", expression));
                    return text(values);
                },
                observed -> holds.test(values));
    }

    private static boolean aboveZeroForEach(Map<String, Double> values) {
        return values.keySet().equals(Set.copyOf(Stage.TENANTS))
                && values.values().stream().allMatch(value -> value > 0);
    }

    private static String text(Map<String, Double> values) {
        Map<String, String> texts = new TreeMap<>();
        values.forEach((tenant, value) -> texts.put(tenant, String.format(Locale.ROOT, "%.3f", value)));
        return texts.toString();
    }
}
