package dev.landlord.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landlord.controlplane.ControlPlaneProperties.AuthoritySettings;
import dev.landlord.controlplane.ControlPlaneProperties.DatabaseSettings;
import dev.landlord.controlplane.ControlPlaneProperties.NetworkSettings;
import dev.landlord.controlplane.ControlPlaneProperties.NodeSettings;
import dev.landlord.controlplane.ControlPlaneProperties.RateLimitSettings;
import dev.landlord.controlplane.ControlPlaneProperties.SchedulerSettings;
import dev.landlord.controlplane.node.ReportTimings;
import dev.landlord.controlplane.scheduler.Scheduler.Strategy;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
                        7702,
                        new DatabaseSettings("", "landlord", null, null),
                        new NodeSettings(Duration.ofSeconds(1), null, null, Duration.ofDays(30)),
                        new AuthoritySettings(null, null, false, Duration.ofDays(825)),
                        new NetworkSettings("100.64.0.0/10", 22, List.of()),
                        new SchedulerSettings(Strategy.SPREAD),
                        new RateLimitSettings(500, 1000, 20, 20, 20)));
    }

    @Test
    void takesAll() throws Exception {
        assertThat(bind(Map.of(
                        "landlord.state-dir", "/srv/l",
                        "landlord.bind-address", "10.0.0.1",
                        "landlord.advertised-names", "a.example,10.0.0.1",
                        "landlord.public-port", "1",
                        "landlord.node-port", "2",
                        "landlord.management-port", "0",
                        "landlord.node.report-interval", "200ms",
                        "landlord.node.lost-after", "1s",
                        "landlord.network.cluster-cidr", "10.0.0.0/16",
                        "landlord.scheduler.strategy", "pack")))
                .isEqualTo(new ControlPlaneProperties(
                        Path.of("/srv/l"),
                        InetAddress.ofLiteral("10.0.0.1"),
                        List.of("a.example", "10.0.0.1"),
                        1,
                        2,
                        0,
                        new DatabaseSettings("", "landlord", null, null),
                        new NodeSettings(Duration.ofMillis(200), null, Duration.ofSeconds(1), Duration.ofDays(30)),
                        new AuthoritySettings(null, null, false, Duration.ofDays(825)),
                        new NetworkSettings("10.0.0.0/16", 22, List.of()),
                        new SchedulerSettings(Strategy.PACK),
                        new RateLimitSettings(500, 1000, 20, 20, 20)));
    }

    @Test
    void takesRatesAndRefusesNone() {
        assertThat(bind(Map.of("landlord.rate-limit.token-per-second", "1", "landlord.rate-limit.burst-seconds", "3"))
                        .rateLimit())
                .isEqualTo(new RateLimitSettings(1, 1000, 20, 20, 3));
        assertThatThrownBy(() -> bind(Map.of("landlord.rate-limit.failures-per-second", "0")))
                .hasStackTraceContaining(
                        "landlord.rate-limit.failures-per-second must be between 1 and 1000000, was 0");
    }

    @Test
    void lifeOfACertificateHasBounds() {
        assertThat(bind(Map.of("landlord.node.certificate-life", "10s")).node().certificateLife())
                .isEqualTo(Duration.ofSeconds(10));
        for (String wrong : List.of("9s", "826d", "-1d")) {
            assertThatThrownBy(() -> bind(Map.of("landlord.node.certificate-life", wrong)))
                    .hasStackTraceContaining("landlord.node.certificate-life must be between 10s and 825d");
            assertThatThrownBy(() -> bind(Map.of("landlord.authority.server-life", wrong)))
                    .hasStackTraceContaining("landlord.authority.server-life must be between 10s and 825d");
        }
    }

    @Test
    void takesAnAuthorityWithItsKey() {
        assertThat(bind(Map.of(
                                "landlord.authority.certificate-file", "/ca.crt",
                                "landlord.authority.key-file", "/ca.key",
                                "landlord.authority.replace", "true"))
                        .authority())
                .isEqualTo(new AuthoritySettings(Path.of("/ca.crt"), Path.of("/ca.key"), true, Duration.ofDays(825)));
        assertThatThrownBy(() -> new AuthoritySettings(Path.of("/ca.crt"), null, false, Duration.ofDays(825)))
                .hasMessageContaining("go together");
    }

    @Test
    void takesADatabase() {
        assertThat(bind(Map.of(
                                "landlord.database.url", "jdbc:postgresql://db/landlord",
                                "landlord.database.user", "cp",
                                "landlord.database.password-file", "/run/pw"))
                        .database())
                .isEqualTo(new DatabaseSettings("jdbc:postgresql://db/landlord", "cp", Path.of("/run/pw"), null));
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> bind(Map.of("landlord.public-port", "65536")))
                .hasStackTraceContaining("landlord.public-port must be between 0 and 65535, was 65536");
        assertThatThrownBy(() -> bind(Map.of("landlord.database.url", "jdbc:mysql://db/x")))
                .hasStackTraceContaining("landlord.database.url must begin with jdbc:postgresql://");
        assertThatThrownBy(() -> bind(Map.of("landlord.database.url", "jdbc:postgresql://db/x?password=secret")))
                .hasStackTraceContaining("landlord.database.url must not have the password");
        assertThatThrownBy(() -> bind(Map.of("landlord.node-port", "-1")))
                .hasStackTraceContaining("landlord.node-port");
        assertThatThrownBy(() -> bind(Map.of("landlord.advertised-names", "")))
                .hasStackTraceContaining("landlord.advertised-names must have at least one entry");
        assertThatThrownBy(() -> bind(Map.of("landlord.state-dirr", "/x"))).hasStackTraceContaining("state-dirr");
    }

    @Test
    void nodesReportAndAreMissedInTheProportionsThatAreUsual() throws Exception {
        assertThat(bind(Map.of()).node().timings()).isEqualTo(new ReportTimings(1000, 3000, 9000));
        assertThat(bind(Map.of("landlord.node.report-interval", "200ms")).node().timings())
                .isEqualTo(new ReportTimings(200, 600, 1800));
    }

    @ParameterizedTest
    @CsvSource({
        "report-interval, 50ms, report-interval must be between 100ms and 1m",
        "suspect-after, 1500ms, suspect-after must be at least two report intervals",
        "lost-after, 3500ms, lost-after must be at least a report interval more",
        "lost-after, 2h, at most 1h"
    })
    void refusesTimesThatWouldMissNodesThatAreWell(String name, String value, String rule) {
        assertThatThrownBy(() ->
                        bind(Map.of("landlord.node." + name, value)).node().timings())
                .hasMessageContaining(rule);
    }

    @Test
    void sandboxesAreKeptFromTheAddressesOfTheControlPlane() throws Exception {
        assertThat(bind(Map.of()).addresses().controlPlane()).isEmpty();
        assertThat(bind(Map.of("landlord.bind-address", "10.0.0.1", "landlord.advertised-names", "a.example,10.0.0.2"))
                        .addresses()
                        .controlPlane())
                .containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2");
        assertThat(bind(Map.of("landlord.network.control-plane-addresses", "10.9.9.9"))
                        .addresses()
                        .controlPlane())
                .containsExactly("10.9.9.9");
    }

    @ParameterizedTest
    @CsvSource({
        "cluster-cidr, 10.0.0.1/8, is not the first address",
        "cluster-cidr, 10.0.0.0, must have the form",
        "node-prefix, 30, node-prefix must be between 10",
        "control-plane-addresses, a.example, must be IPv4 addresses"
    })
    void refusesAddressesThatCannotBeDivided(String name, String value, String rule) {
        assertThatThrownBy(() -> bind(Map.of("landlord.network." + name, value)).addresses())
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("landlord.network.")
                .hasMessageContaining(rule);
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
