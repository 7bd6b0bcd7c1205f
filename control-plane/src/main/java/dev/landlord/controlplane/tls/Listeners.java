package dev.landlord.controlplane.tls;

import java.net.InetAddress;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/** The three TLS listeners on one Tomcat. */
public final class Listeners implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {
    private static final int HEADERS_MAX_BYTES = 16 * 1024;
    private static final int PARAMETERS_MAX = 64;
    /** A client that is slower than this with its headers only holds a connection. */
    static final int HEADERS_TIMEOUT_MILLIS = 10_000;

    static final int IDLE_TIMEOUT_MILLIS = 60_000;
    private static final int ACCEPT_BACKLOG = 256;
    /** A refused body is read on up to here, so that the client sees the answer and not a broken connection. */
    private static final int SWALLOW_MAX_BYTES = 4 << 20;

    private final ListenerSettings settings;
    private final CertificateAuthority authority;
    private final InstantSource clock;
    private final Map<Connector, Listener> listeners = new HashMap<>();
    private final Map<Listener, Connector> connectors = new EnumMap<>(Listener.class);
    private volatile @Nullable X509Certificate shown;

    public Listeners(ListenerSettings settings, CertificateAuthority authority, InstantSource clock) {
        this.settings = settings;
        this.authority = authority;
        this.clock = clock;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        KeyStore keys = ServerKeys.load(settings, authority, clock.instant());
        shown = ServerKeys.certificate(keys);
        factory.setProtocol(BoundedProtocol.class.getName());
        factory.setPort(settings.port(Listener.PUBLIC));
        factory.setAddress(settings.address());
        factory.addConnectorCustomizers(connector -> configure(connector, Listener.PUBLIC, keys));
        factory.addAdditionalConnectors(extra(Listener.NODE, keys), extra(Listener.MANAGEMENT, keys));
        factory.addEngineValves(new ListenerValve(listeners));
        // The innermost, so that it is asked first.
        factory.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new ProblemReportValve()));
    }

    /**
     * Shows the next certificate from now on if that is due; connections that are open go on with the one with which they
     * began. For one thread, once there is a server.
     *
     * @return until it is due again; zero or less if this has made none
     * @throws RuntimeException if there is no next one to be had; the present one stays
     */
    public Duration renew() {
        Instant now = clock.instant();
        if (!now.isBefore(due())) {
            KeyStore keys = ServerKeys.load(settings, authority, now);
            connectors.forEach((listener, connector) -> {
                if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> protocol) {
                    protocol.addSslHostConfig(tls(listener, keys), true);
                }
            });
            shown = ServerKeys.certificate(keys);
        }
        return Duration.between(now, due());
    }

    private Instant due() {
        X509Certificate own = shown;
        return own == null ? Instant.MAX : ServerKeys.due(own);
    }

    /** The first name of the server's certificate: what others may call this host. */
    public String name() {
        return settings.names().getFirst();
    }

    /** When the server's certificate ends, epoch milliseconds; 0 before there is one. */
    public long expiresAt() {
        X509Certificate own = shown;
        return own == null ? 0 : own.getNotAfter().toInstant().toEpochMilli();
    }

    /** The port that is really bound; valid once the server runs. */
    public int port(Listener listener) {
        Connector connector = connectors.get(listener);
        if (connector == null || connector.getLocalPort() <= 0) {
            throw new IllegalStateException("listener " + listener + " is not bound");
        }
        return connector.getLocalPort();
    }

    /** After the framework's own customizers, which set the address and port of their properties. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    private Connector extra(Listener listener, KeyStore keys) {
        Connector connector = new Connector(new BoundedProtocol());
        connector.setPort(settings.port(listener));
        InetAddress address = settings.address();
        connector.setProperty("address", address.getHostAddress());
        connector.setThrowOnFailure(true);
        configure(connector, listener, keys);
        return connector;
    }

    private void configure(Connector connector, Listener listener, KeyStore keys) {
        listeners.put(connector, listener);
        connectors.put(listener, connector);
        connector.setScheme("https");
        connector.setSecure(true);
        // Passed on, so that a name with a slash gets an answer that names it; the firewall of the web room refuses it.
        connector.setEncodedSolidusHandling("passthrough");
        connector.setMaxParameterCount(PARAMETERS_MAX);
        if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> protocol) {
            bound(protocol, listener);
            protocol.setSSLEnabled(true);
            protocol.addSslHostConfig(tls(listener, keys));
        }
        if (listener == Listener.NODE) {
            connector.addUpgradeProtocol(new Http2Protocol());
        }
    }

    private static void bound(AbstractHttp11Protocol<?> protocol, Listener listener) {
        // One virtual thread per connection: the number of connections is the bound.
        protocol.setExecutor(new VirtualThreadExecutor(listener.name().toLowerCase(Locale.ROOT) + "-"));
        protocol.setMaxConnections(listener.maxConnections());
        protocol.setAcceptCount(ACCEPT_BACKLOG);
        protocol.setConnectionTimeout(HEADERS_TIMEOUT_MILLIS);
        protocol.setKeepAliveTimeout(IDLE_TIMEOUT_MILLIS);
        protocol.setMaxKeepAliveRequests(-1);
        protocol.setMaxHttpHeaderSize(HEADERS_MAX_BYTES);
        protocol.setMaxSwallowSize(SWALLOW_MAX_BYTES);
    }

    private SSLHostConfig tls(Listener listener, KeyStore keys) {
        return listener == Listener.NODE ? askingForCertificate(keys) : tls(keys);
    }

    private static SSLHostConfig tls(KeyStore keys) {
        SSLHostConfig config = new SSLHostConfig();
        config.setProtocols("+TLSv1.3+TLSv1.2");
        SSLHostConfigCertificate certificate =
                new SSLHostConfigCertificate(config, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setCertificateKeystore(keys);
        certificate.setCertificateKeyAlias(ServerKeys.ALIAS);
        certificate.setCertificateKeyPassword("");
        config.addCertificate(certificate);
        return config;
    }

    /** Who shows none may join, and no more than that; one of another authority, or past its end, ends the handshake. */
    private SSLHostConfig askingForCertificate(KeyStore keys) {
        SSLHostConfig config = tls(keys);
        config.setCertificateVerification("optional");
        config.setTrustStore(authority.trustStore());
        return config;
    }
}
