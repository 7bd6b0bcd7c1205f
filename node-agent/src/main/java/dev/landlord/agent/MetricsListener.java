package dev.landlord.agent;

import dev.landlord.agent.identity.NodeIdentity;
import dev.landlord.agent.join.NodeCredentials;
import dev.landlord.agent.metrics.AgentMeters;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.pem.PemSslStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The one listener of an agent: metrics and health, over TLS, for those who show the scrape token. */
@Configuration(proxyBeanMethods = false)
class MetricsListener {
    private static final long SILENT_MILLIS = 30_000;
    private static final String BUNDLE = "metrics";

    @Bean
    WebServerFactoryCustomizer<ConfigurableWebServerFactory> metricsServer(AgentProperties properties) {
        return factory -> {
            factory.setAddress(address(properties.metricsAddress()));
            factory.setPort(properties.metricsPort());
            factory.setSsl(Ssl.forBundle(BUNDLE));
        };
    }

    @Bean
    SslBundleRegistrar metricsCertificate(NodeCredentials credentials) {
        return registry -> registry.registerBundle(BUNDLE, bundle(credentials.metrics()));
    }

    /** Who connects from now on is shown the other one; connections that are open go on. */
    static void show(SslBundleRegistry registry, NodeIdentity next) {
        registry.updateBundle(BUNDLE, bundle(next));
    }

    private static SslBundle bundle(NodeIdentity its) {
        return SslBundle.of(new PemSslStoreBundle(PemSslStore.of(its.chain(), its.key()), null));
    }

    private static InetAddress address(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new ConfigurationException(
                    AgentProperties.PREFIX + ".metrics-address: " + address + " is not an address", e);
        }
    }

    @Bean
    ScrapeTokenFilter scrapeTokenFilter(NodeCredentials credentials) {
        return new ScrapeTokenFilter(credentials.scrapeTokenSha256());
    }

    /** Whether the loop goes round; an unreachable control plane is no fault of the agent. */
    @Bean
    HealthIndicator reconcileHealthIndicator(AgentMeters meters, InstantSource clock) {
        return () -> {
            long since = clock.millis() - meters.lastSuccessMillis();
            Health.Builder health = since <= SILENT_MILLIS ? Health.up() : Health.down();
            return health.withDetail("millisSinceLastPass", since).build();
        };
    }
}
