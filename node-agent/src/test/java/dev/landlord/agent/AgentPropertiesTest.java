package dev.landlord.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.agent.image.ImageSource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AgentPropertiesTest {
    private static final Map<String, String> REQUIRED =
            Map.of("node", "n1", "control-plane-url", "https://localhost:7701");

    private static AgentProperties bind(Map<String, String> more) {
        Map<String, String> all = new HashMap<>();
        REQUIRED.forEach((name, value) -> all.put("landlord.agent." + name, value));
        more.forEach((name, value) -> all.put("landlord.agent." + name, value));
        all.values().removeIf(String::isEmpty);
        return AgentProperties.bind(new Binder(new MapConfigurationPropertySource(all)));
    }

    @Test
    void defaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new AgentProperties(
                        "n1",
                        List.of(URI.create("https://localhost:7701")),
                        null,
                        null,
                        Path.of("/var/lib/landlord/agent"),
                        "landlord",
                        1_879_048_192L,
                        67_108_864L,
                        new AgentProperties.Sold(null, null, null),
                        null,
                        List.of(new ImageSource("busybox", ImageSource.Kind.BUSYBOX, "")),
                        "127.0.0.1",
                        7710,
                        new AgentProperties.Network(true, null, 20_000, 29_999, Set.of()),
                        Duration.ofSeconds(10),
                        false));
    }

    @Test
    void fullMapping() {
        Map<String, String> all = new HashMap<>();
        all.put("join-token-file", "/etc/landlord/token");
        all.put("state-dir", "/srv/agent");
        all.put("cgroup-root", "tenants/here");
        all.put("id-base", "655360");
        all.put("id-count", "131072");
        all.put("share.cpu-millis", "1500");
        all.put("share.memory-bytes", "1073741824");
        all.put("share.pids", "4096");
        all.put("sandbox-cpus", "1-7");
        all.put("images[0].name", "debian");
        all.put("images[0].kind", "debootstrap");
        all.put("images[0].source", "bookworm");
        all.put("images[1].name", "tools");
        all.put("images[1].kind", "binaries");
        all.put("images[1].source", "/bin/bash,/bin/ls");
        all.put("metrics-address", "10.0.0.1");
        all.put("metrics-port", "0");
        all.put("network.enabled", "false");
        all.put("network.host-address", "192.0.2.1");
        all.put("network.first-port", "30000");
        all.put("network.last-port", "30099");
        all.put("network.extra-ports", "80,443");
        all.put("limit-check-period", "2m");
        all.put("teardown-on-exit", "true");
        assertThat(bind(all))
                .isEqualTo(new AgentProperties(
                        "n1",
                        List.of(URI.create("https://localhost:7701")),
                        null,
                        Path.of("/etc/landlord/token"),
                        Path.of("/srv/agent"),
                        "tenants/here",
                        655_360,
                        131_072,
                        new AgentProperties.Sold(1500L, 1L << 30, 4096L),
                        "1-7",
                        List.of(
                                new ImageSource("debian", ImageSource.Kind.DEBOOTSTRAP, "bookworm"),
                                new ImageSource("tools", ImageSource.Kind.BINARIES, "/bin/bash,/bin/ls")),
                        "10.0.0.1",
                        0,
                        new AgentProperties.Network(false, "192.0.2.1", 30_000, 30_099, Set.of(80, 443)),
                        Duration.ofMinutes(2),
                        true));
        assertThat(bind(Map.of("join-token", "llj_x")).joinToken()).isEqualTo("llj_x");
    }

    @ParameterizedTest
    @CsvSource({
        "metrics-port, 20001, 'metrics-port: must not be one that tenants may have, was 20001'",
        "network.extra-ports, 7710, 'metrics-port: must not be one that tenants may have, was 7710'",
        "network.host-address, host.example, 'network.host-address: must be an IPv4 address such as 10.0.0.1, was host'",
        "limit-check-period, 900ms, limit-check-period: must be between 1s and 1h",
        "limit-check-period, 61m, limit-check-period: must be between 1s and 1h",
        "network.first-port, 80, network.first-port: must be between 1024 and last-port",
        "network.last-port, 70000, network.first-port: must be between 1024 and last-port",
        "network.extra-ports, 0, network.extra-ports: must be between 1 and 65535",
        "node, '', node: is required",
        "node, Upper, node: must match",
        "node, a/b, node: must match",
        "control-plane-url, '', control-plane-url: is required",
        "control-plane-url, http://localhost:7701, control-plane-url: must have the form https://HOST:PORT",
        "control-plane-url, 'https://a:7701,b:7701', control-plane-url: must have the form https://HOST:PORT",
        "control-plane-url, localhost, control-plane-url: must have the form https://HOST:PORT",
        "state-dir, relative/path, state-dir: must be an absolute path",
        "metrics-port, 65536, metrics-port: must be between 0 and 65535",
        "metrics-port, many, metrics-port: ",
        "id-base, x, id-base: ",
        "share.cpu-millis, 0, share.cpu-millis: must be positive",
        "share.memory-bytes, -1, share.memory-bytes: must be positive",
        "share.pids, 0, share.pids: must be positive",
        "colour, red, colour: unknown property",
        "share.colour, red, share.colour: unknown property",
        "images[0].colour, red, images[0]",
        "images[0].kind, docker, images[0].kind: "
    })
    void whatIsWrongIsNamed(String property, String value, String complaint) {
        assertThatThrownBy(() -> bind(Map.of(property, value)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("landlord.agent." + complaint);
    }

    @Test
    void twoTokensAreOneTooMany() {
        assertThatThrownBy(() -> bind(Map.of("join-token", "a", "join-token-file", "/b")))
                .hasMessageContaining("join-token-file: must be absent when join-token is set");
    }

    @Test
    void saysNothingOfTheToken() {
        assertThat(bind(Map.of("join-token", "llj_secret")).toString()).doesNotContain("secret");
    }
}
