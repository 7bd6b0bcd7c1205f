package dev.landlord.e2e.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.e2e.dashboard.DashboardQueries.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DashboardTest {
    private static final Path REPOSITORY = Path.of("..");

    @Test
    void asksForCpuMemoryThrottlingAndKillsByTenant() throws IOException {
        List<Query> queries = DashboardQueries.tenants(REPOSITORY);
        assertThat(queries)
                .extracting(Query::title)
                .contains(
                        "CPU used by tenant",
                        "Memory in use by tenant",
                        "CPU throttled, seconds per second",
                        "Out-of-memory kills by workload");
        assertThat(queries)
                .allSatisfy(query ->
                        assertThat(query.expr()).contains("tenant=~\".*\"").doesNotContain("$"));
        assertThat(queries)
                .contains(new Query(
                        "CPU used by tenant",
                        "sum by (tenant) (rate(container_cpu_usage_seconds_total{tenant=~\".*\"}[2m]))"));
    }

    @Test
    void canBeImportedAnywhere() throws IOException {
        JsonNode dashboard = new JsonMapper().readTree(Files.readString(REPOSITORY.resolve(DashboardQueries.TENANTS)));
        assertThat(dashboard.path("uid").asString()).isEqualTo("landlord-tenants");
        assertThat(dashboard.has("id")).isFalse();
        assertThat(dashboard.has("__inputs")).isFalse();
        assertThat(dashboard.path("templating").path("list").values())
                .extracting(variable -> variable.path("name").asString())
                .containsExactly("datasource", "tenant");
        for (JsonNode panel : dashboard.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                assertThat(target.path("datasource").path("uid").asString())
                        .as(panel.path("title").asString())
                        .isEqualTo("${datasource}");
            }
        }
        assertThat(dashboard.path("panels").values())
                .extracting(panel -> panel.path("id").asInt())
                .doesNotHaveDuplicates();
    }

    @Test
    void findsPanelsInFoldedRowsAndRefusesAnUnknownVariable(@TempDir Path directory) throws IOException {
        Path dashboard = Files.writeString(directory.resolve("one.json"), """
                {"panels": [{"title": "row", "panels": [{"title": "inner", "targets": [{"expr": "up{a=\\"$a\\"}[${b}]"}]}]}]}
                """);
        assertThat(DashboardQueries.read(dashboard, Map.of("a", "x$1", "b", "1m")))
                .containsExactly(new Query("inner", "up{a=\"x$1\"}[1m]"));
        assertThatThrownBy(() -> DashboardQueries.read(dashboard, Map.of("a", "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("inner")
                .hasMessageContaining("$b");
    }
}
