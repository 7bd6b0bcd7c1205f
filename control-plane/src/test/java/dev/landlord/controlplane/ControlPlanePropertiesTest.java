package dev.landlord.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class ControlPlanePropertiesTest {
    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(ControlPlaneProperties.class)
    static class Wiring {}

    @Test
    void hasDefaultsForAll() throws Exception {
        assertThat(bind(Map.of()))
                .isEqualTo(new ControlPlaneProperties(
                        Path.of("/var/lib/landlord/control-plane"),
                        InetAddress.ofLiteral("127.0.0.1"),
                        List.of("localhost", "127.0.0.1"),
                        7700,
                        7701,
                        7702));
    }

    @Test
    void takesAll() throws Exception {
        assertThat(bind(Map.of(
                        "landlord.state-dir", "/srv/l",
                        "landlord.bind-address", "10.0.0.1",
                        "landlord.advertised-names", "a.example,10.0.0.1",
                        "landlord.public-port", "1",
                        "landlord.node-port", "2",
                        "landlord.management-port", "0")))
                .isEqualTo(new ControlPlaneProperties(
                        Path.of("/srv/l"),
                        InetAddress.ofLiteral("10.0.0.1"),
                        List.of("a.example", "10.0.0.1"),
                        1,
                        2,
                        0));
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> bind(Map.of("landlord.public-port", "65536")))
                .hasStackTraceContaining("landlord.public-port must be between 0 and 65535, was 65536");
        assertThatThrownBy(() -> bind(Map.of("landlord.node-port", "-1")))
                .hasStackTraceContaining("landlord.node-port");
        assertThatThrownBy(() -> bind(Map.of("landlord.advertised-names", "")))
                .hasStackTraceContaining("landlord.advertised-names must have at least one entry");
        assertThatThrownBy(() -> bind(Map.of("landlord.state-dirr", "/x"))).hasStackTraceContaining("state-dirr");
    }

    private static ControlPlaneProperties bind(Map<String, String> values) {
        String[] pairs = values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toArray(String[]::new);
        ControlPlaneProperties[] bound = new ControlPlaneProperties[1];
        new ApplicationContextRunner()
                .withUserConfiguration(Wiring.class)
                .withPropertyValues(pairs)
                .run(context -> bound[0] = context.getBean(ControlPlaneProperties.class));
        return bound[0];
    }
}
