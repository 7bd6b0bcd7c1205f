package dev.landlord.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.agent.AgentProperties;
import dev.landlord.controlplane.ControlPlaneProperties;
import io.fabric8.kubernetes.api.model.Container;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Every setting that the chart gives to a program is one that the program has, with a value that it takes. */
class SettingsTest {
    @TempDir
    Path folder;

    static List<String> valueSets() {
        return Chart.valueSets();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void areThoseOfThePrograms(String set) throws Exception {
        Manifests manifests = Manifests.parse(Chart.render(set));
        for (Container container : manifests.containers().toList()) {
            switch (container.getName()) {
                case "control-plane" -> controlPlane(Options.of(container));
                case "agent" -> agent(manifests);
                // No program of ours: a script, with the test JoinStepTest.
                case "join" -> assertThat(container.getArgs()).isEmpty();
                default -> throw new AssertionError("a container without a test: " + container.getName());
            }
        }
    }

    @Test
    void ofTheControlPlaneArriveAsMeant() throws Exception {
        ControlPlaneProperties properties =
                controlPlane(Options.of(container(Manifests.parse(Chart.render("full")), "control-plane")));
        assertThat(properties.bindAddress()).isEqualTo(InetAddress.getByName("0.0.0.0"));
        // The first is where service discovery sends Prometheus.
        assertThat(properties.advertisedNames())
                .startsWith("landlord-management.hosting.svc")
                .contains("landlord.hosting.svc", "landlord-node.hosting.svc", "landlord.example", "192.0.2.7");
        assertThat(properties.network())
                .isEqualTo(new ControlPlaneProperties.NetworkSettings(
                        "100.96.0.0/12", 24, List.of("192.0.2.2", "192.0.2.8", "192.0.2.9")));
        assertThat(properties.node().reportInterval()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void ofTheAgentArriveAsMeant() throws Exception {
        AgentProperties properties = agent(Manifests.parse(Chart.render("full")));
        assertThat(properties.node()).isEqualTo("worker-1");
        assertThat(properties.controlPlaneUrl()).containsExactly(URI.create("https://landlord-node.hosting.svc:7701"));
        assertThat(properties.metricsAddress()).isEqualTo("192.0.2.1");
        assertThat(properties.share()).isEqualTo(new AgentProperties.Sold(62_000L, 206_158_430_208L, 500_000L));
        assertThat(properties.network())
                .isEqualTo(new AgentProperties.Network(false, "192.0.2.1", 21_000, 21_999, Set.of(80, 443)));
        assertThat(properties.idBase()).isEqualTo(2_013_265_920L);
        assertThat(properties.images()).hasSize(3);
    }

    /** That this test sees a setting that is none, as the programs do. */
    @Test
    void areRefusedIfTheProgramsDoNotHaveThem() throws Exception {
        Options options = Options.of(container(Manifests.parse(Chart.render("minimal")), "control-plane"));
        Map<String, String> more = new java.util.LinkedHashMap<>(options.values());
        more.put("landlord.public-prt", "1");
        assertThatThrownBy(() -> controlPlane(new Options(more))).hasStackTraceContaining("landlord.public-prt");
    }

    private ControlPlaneProperties controlPlane(Options options) {
        assertThat(options.values().keySet()).allMatch(name -> name.startsWith("landlord."));
        return bind(options, "landlord", ControlPlaneProperties.class);
    }

    /** With what the step before it leaves, which is where the agent's name comes from. */
    private AgentProperties agent(Manifests manifests) throws Exception {
        JoinStep step = JoinStep.in(folder, manifests);
        java.nio.file.Files.writeString(step.state().resolve("credentials.json"), "{}");
        assertThat(step.run(Map.of("NODE_NAME", "worker-1.example")).exitCode()).isZero();
        Options options = Options.of(container(manifests, "agent"))
                .with(Map.of("spring.config.import", "configtree:" + step.settings() + "/"));
        assertThat(options.values().keySet())
                .allMatch(name -> name.startsWith("landlord.agent.") || name.equals("spring.config.import"));
        return bind(options, "landlord.agent", AgentProperties.class);
    }

    static Container container(Manifests manifests, String name) {
        return manifests
                .containers()
                .filter(candidate -> candidate.getName().equals(name))
                .findAny()
                .orElseThrow();
    }

    private static <T> T bind(Options options, String prefix, Class<T> type) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(
                        new SimpleCommandLinePropertySource(options.arguments().toArray(String[]::new)));
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        BindHandler strict = new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter());
        return Binder.get(environment).bindOrCreate(prefix, Bindable.of(type), strict);
    }
}
