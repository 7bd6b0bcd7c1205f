package dev.landlord.e2e.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.e2e.dashboard.DashboardQueries.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/metrics.md} lists what the programs export, no more and no less, and nobody asks for anything else. */
class MetricsDocumentTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final Path RULES = REPOSITORY.resolve("helm/landlord/rules/landlord.yaml");

    @Test
    void theDashboardAsksOnlyForWhatIsDocumented() throws IOException {
        Set<String> asked = new TreeSet<>();
        for (Query query : DashboardQueries.tenants(REPOSITORY)) {
            asked.addAll(names("\\b((?:landlord|container)_\\w+)\\b", query.expr()));
        }
        assertThat(asked).isNotEmpty();
        assertThat(documented()).containsAll(asked);
    }

    @Test
    void theRulesAskOnlyForWhatIsDocumented() throws IOException {
        String rules = Files.readString(RULES).replaceAll("(?m)#.*$", "").replaceAll("\\w+:\\w+:\\w+", "");
        Set<String> asked = names("\\b((?:landlord|container)_\\w+)\\b", rules);
        assertThat(asked).isNotEmpty();
        assertThat(documented()).containsAll(asked);
    }

    @Test
    void everyAlertHasARunbook() throws IOException {
        Set<String> alerts = names("- alert: (\\w+)", Files.readString(RULES));
        Set<String> runbooks = names("(?m)^## (\\w+)$", Files.readString(REPOSITORY.resolve("docs/runbooks.md")));
        assertThat(runbooks).isEqualTo(alerts).isNotEmpty();
        Set<String> links = names("runbook: docs/runbooks.md#(\\w+)", Files.readString(RULES));
        assertThat(links).isEqualTo(alerts.stream().map(String::toLowerCase).collect(Collectors.toSet()));
    }

    @Test
    void theDocumentIsWhatTheProgramsExport() throws IOException {
        Set<String> exported = new TreeSet<>();
        String agent = source("node-agent", "dev/landlord/agent/metrics/MetricNames.java");
        exported.addAll(names("\"(container_\\w+)\"", agent));
        names("\"(landlord\\.[a-z.]+)\"", agent).forEach(name -> exported.add(name.replace('.', '_')));
        for (String collector : List.of("ClusterMetrics", "CertificateCollector", "RateCollector")) {
            String file = "dev/landlord/controlplane/metrics/" + collector + ".java";
            exported.addAll(names("\"(landlord_\\w+)\"", source("control-plane", file)));
        }
        assertThat(documented().stream().map(MetricsDocumentTest::withoutSuffix).collect(Collectors.toSet()))
                .isEqualTo(exported.stream()
                        .map(MetricsDocumentTest::withoutSuffix)
                        .collect(Collectors.toSet()));
    }

    /** Without it the Prometheus of Debian 12 sends no scheme when it asks whom to scrape. */
    @Test
    void theConfigurationNamesTheSchemeOfItsTokens() throws IOException {
        String page = Files.readString(REPOSITORY.resolve("docs/metrics.md"));
        List<String> authorizations = Pattern.compile("authorization: \\{.*")
                .matcher(page)
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(authorizations).hasSize(2).allMatch(line -> line.startsWith("authorization: {type: Bearer, "));
    }

    /** Counters get theirs when they are written, and Micrometer adds units. */
    private static String withoutSuffix(String name) {
        return name.replaceAll("(_seconds|_total)+$", "");
    }

    private static Set<String> documented() throws IOException {
        return names(
                "(?m)^\\| `((?:landlord|container)_\\w+)`", Files.readString(REPOSITORY.resolve("docs/metrics.md")));
    }

    private static String source(String module, String file) throws IOException {
        return Files.readString(
                REPOSITORY.resolve(module).resolve("src/main/java").resolve(file));
    }

    private static Set<String> names(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
