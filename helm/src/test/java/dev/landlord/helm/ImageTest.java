package dev.landlord.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The image that the chart names is the operator's to build. What the chart expects in it is what the recipe puts there. */
class ImageTest {
    private static final Path DIST = Path.of("..", "dist");
    private static final String HOME = "/opt/landlord/";

    static List<String> valueSets() {
        return Chart.valueSets();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void isOneAndTheOperators(String set) {
        assertThat(Manifests.parse(Chart.render(set)).containers().map(Container::getImage))
                .isNotEmpty()
                .allMatch(image ->
                        image.startsWith(set.equals("trial") ? "landlord:trial" : "registry.example/landlord"));
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void hasThePathsThatAreStarted(String set) {
        List<String> paths = Manifests.parse(Chart.render(set))
                .containers()
                .flatMap(container -> Stream.concat(
                        container.getCommand().stream(),
                        container.getEnv().stream()
                                .filter(variable -> variable.getName().equals("LANDLORD_BIN"))
                                .map(variable -> variable.getValue() + "/landlord")))
                .filter(path -> path.startsWith(HOME))
                .toList();
        assertThat(paths)
                .isNotEmpty()
                .allSatisfy(path -> assertThat(DIST.resolve("target/landlord").resolve(path.substring(HOME.length())))
                        .isExecutable());
    }

    /** The variable is one that the agent's start script reads. */
    @Test
    void readsTheJavaOptions() throws IOException {
        Container agent = SettingsTest.container(Manifests.parse(Chart.render("minimal")), "agent");
        List<String> variables = agent.getEnv().stream()
                .map(variable -> Objects.toString(variable.getName()))
                .filter(name -> name.startsWith("LANDLORD_"))
                .toList();
        String script = Files.readString(DIST.resolve("src/bin/landlord-agent"));
        assertThat(variables).isNotEmpty().allSatisfy(name -> assertThat(script).contains("${" + name + ":-}"));
    }

    @Test
    void isMadeFromTheDistributionWithAllPackagesThatItNeeds() throws IOException {
        String recipe = Files.readString(DIST.resolve("Containerfile"));
        String installed = Files.readString(DIST.resolve("install-packages.sh"));
        assertThat(recipe).contains("target/landlord/ " + HOME + "\n").contains(needed(installed));
        Matcher java = Pattern.compile("FROM \\S+:(\\d+)-").matcher(recipe);
        assertThat(java.find()).isTrue();
        assertThat(Integer.parseInt(java.group(1))).isGreaterThanOrEqualTo(25);
    }

    private static List<String> needed(String script) {
        Matcher lane = Pattern.compile("(?m)^ *run\\) echo (.*) ;;$").matcher(script);
        assertThat(lane.find()).isTrue();
        return Arrays.asList(lane.group(1).split(" "));
    }
}
