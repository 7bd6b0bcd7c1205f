package dev.landlord.e2e.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.e2e.dashboard.DashboardQueries.Query;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus' own tool judges rules and queries. In the root lane because that one installs the package. */
@Tag("root")
class PrometheusRulesRootIT {
    private static final Path RULES = Path.of("..", "helm", "landlord", "rules");

    @Test
    void theRulesAreValid() throws Exception {
        assertThat(promtool("check", "rules", RULES.resolve("landlord.yaml").toString()))
                .contains("SUCCESS");
    }

    @Test
    void theAlertsFireWhenTheyShouldAndOnlyThen() throws Exception {
        assertThat(promtool("test", "rules", RULES.resolve("landlord_test.yaml").toString()))
                .contains("SUCCESS");
    }

    @Test
    void theQueriesOfTheDashboardAreValid(@TempDir Path directory) throws Exception {
        var rules = new StringBuilder("groups:\n- name: dashboard\n  rules:\n");
        int number = 0;
        for (Query query : DashboardQueries.tenants(Path.of(".."))) {
            rules.append("  - record: dashboard:query:")
                    .append(number++)
                    .append("\n    expr: '")
                    .append(query.expr().replace("'", "''"))
                    .append("'\n");
        }
        Path file = Files.writeString(directory.resolve("dashboard.yaml"), rules);
        assertThat(promtool("check", "rules", file.toString())).contains("SUCCESS: " + number + " rules found");
    }

    private static String promtool(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add("promtool");
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
