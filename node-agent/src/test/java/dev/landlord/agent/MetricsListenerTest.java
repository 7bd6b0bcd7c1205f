package dev.landlord.agent;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.agent.identity.NodeIdentity;
import dev.landlord.agent.join.NodeCredentials;
import dev.landlord.agent.metrics.AgentMeters;
import dev.landlord.agent.sync.PinnedTls;
import dev.landlord.agent.sync.TestAuthority;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** The real listener, without the host around it. */
class MetricsListenerTest {
    private static final Pattern LENGTH = Pattern.compile("(?i)\\r\\nContent-Length: (\\d+)\\r\\n");
    private final TestAuthority authority = new TestAuthority();

    @SpringBootConfiguration(proxyBeanMethods = false)
    @Import({WebParts.class, MetricsListener.class})
    static class Wiring {
        @Bean
        InstantSource clock() {
            return InstantSource.system();
        }

        @Bean
        AgentMeters agentMeters(MeterRegistry registry, InstantSource clock) {
            return new AgentMeters(registry, clock);
        }
    }

    @Test
    @Timeout(120)
    void aRenewedCertificateIsShownToWhoConnectsAndNobodyIsCutOff() throws IOException {
        NodeIdentity first = authority.identity();
        NodeIdentity next = authority.identity();
        SpringApplication application = new SpringApplication(Wiring.class);
        application.addInitializers((GenericApplicationContext context) -> give(context, first));
        try (var context = (ServletWebServerApplicationContext) application.run()) {
            int port = Objects.requireNonNull(context.getWebServer()).getPort();
            try (SSLSocket stays = connect(port)) {
                assertThat(shownTo(stays)).isEqualTo(first.certificate());
                assertThat(ask(stays)).startsWith("HTTP/1.1 401");
                MetricsListener.show(context.getBean(SslBundleRegistry.class), next);
                try (SSLSocket comes = connect(port)) {
                    assertThat(shownTo(comes)).isEqualTo(next.certificate());
                    assertThat(ask(comes)).startsWith("HTTP/1.1 401");
                }
                assertThat(ask(stays)).as("on a connection of before").startsWith("HTTP/1.1 401");
            }
        }
    }

    private void give(GenericApplicationContext context, NodeIdentity metrics) {
        Map<String, Object> settings = Map.of(
                "landlord.agent.node", "n1",
                "landlord.agent.control-plane-url", "https://localhost:7701",
                "landlord.agent.metrics-port", "0");
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
        NodeCredentials credentials =
                new NodeCredentials(authority.certificate(), authority.identity(), metrics, "00".repeat(32));
        context.registerBean(AgentProperties.class, () -> AgentProperties.of(environment));
        context.registerBean(NodeCredentials.class, () -> credentials);
    }

    private static Object shownTo(SSLSocket socket) throws IOException {
        return socket.getSession().getPeerCertificates()[0];
    }

    private SSLSocket connect(int port) throws IOException {
        SSLSocket socket = (SSLSocket) PinnedTls.trusting(authority.certificate())
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(60_000);
        socket.startHandshake();
        return socket;
    }

    private static String ask(SSLSocket socket) throws IOException {
        socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
        return whole(socket.getInputStream());
    }

    /** To its last byte, so that what follows on the connection is the next answer. */
    private static String whole(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return head + "and no more";
            }
            head.append((char) next);
        }
        Matcher length = LENGTH.matcher(head);
        return length.find()
                ? head + new String(in.readNBytes(Integer.parseInt(length.group(1))), US_ASCII)
                : head + "";
    }
}
