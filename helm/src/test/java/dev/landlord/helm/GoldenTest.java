package dev.landlord.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the chart renders to, as files that a change shows in. To renew them:
 *
 * <pre>mvn test -pl helm -am -Dtest=GoldenTest -Dsurefire.failIfNoSpecifiedTests=false -Dgolden.renew=true</pre>
 */
class GoldenTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");
    /** Files that are rendered whole; the golden files name them only, so that changing one changes no golden file. */
    private static final List<String> WHOLE =
            List.of("dashboards/tenants.json", "rules/landlord.yaml", "files/join.sh");

    static List<String> valueSets() {
        return Chart.valueSets();
    }

    @Test
    void lintFindsNothing() {
        LintResult result = Chart.lint();
        assertThat(result.getMessages())
                .filteredOn(line -> !line.contains("icon is recommended"))
                .isEmpty();
        assertThat(result.isFailed()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void rendersAsItDid(String set) throws IOException {
        String rendered = tidy(Chart.render(set));
        for (String file : WHOLE) {
            rendered = rendered.replace(indented(Chart.file(file), 4), "    <" + file + ">")
                    .replace(indented(Chart.file(file), 2), "  <" + file + ">");
        }
        Path golden = GOLDEN.resolve(set + ".yaml");
        if (Boolean.getBoolean("golden.renew")) {
            Files.writeString(golden, rendered + "\n");
        }
        assertThat(rendered + "\n").isEqualTo(Files.readString(golden));
    }

    @Test
    void everyGoldenFileHasItsValues() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")))
                    .containsExactlyInAnyOrderElementsOf(Chart.valueSets());
        }
    }

    private static String indented(String text, int spaces) {
        return tidy(text.indent(spaces));
    }

    private static String tidy(String text) {
        return text.replaceAll("(?m) +$", "").stripTrailing();
    }
}
