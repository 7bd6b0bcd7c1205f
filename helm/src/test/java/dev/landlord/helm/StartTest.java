package dev.landlord.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rendered command line starts the real control plane, which answers the rendered probes and gives hosts their tokens. */
class StartTest {
    @TempDir
    static Path folder;

    private static final Manifests MANIFESTS = Manifests.parse(Chart.render("minimal"));

    private static StartedControlPlane controlPlane;

    @BeforeAll
    static void start() throws Exception {
        controlPlane = StartedControlPlane.start(
                Options.of(SettingsTest.container(MANIFESTS, "control-plane")), folder.resolve("control-plane"));
    }

    @AfterAll
    static void stop() throws Exception {
        controlPlane.close();
    }

    @Test
    void answersEveryProbe() throws Exception {
        Container container = SettingsTest.container(MANIFESTS, "control-plane");
        List<HTTPGetAction> probes = Stream.of(
                        container.getStartupProbe(), container.getReadinessProbe(), container.getLivenessProbe())
                .map(probe -> probe.getHttpGet())
                .toList();
        assertThat(probes).hasSize(3);
        try (HttpClient client = trusting(controlPlane.file("ca.crt"))) {
            for (HTTPGetAction probe : probes) {
                URI uri = URI.create(probe.getScheme().toLowerCase(java.util.Locale.ROOT) + "://127.0.0.1:"
                        + controlPlane.port(probe.getPort().getStrVal()) + probe.getPath());
                assertThat(client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .as("%s", uri)
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void hasACertificateForEachService() throws Exception {
        X509Certificate certificate = certificate(controlPlane.file("server.crt"));
        List<Object> names = certificate.getSubjectAlternativeNames().stream()
                .<Object>map(name -> name.get(1))
                .toList();
        for (Service service : MANIFESTS.all(Service.class)) {
            assertThat(names).contains(service.getMetadata().getName() + ".hosting.svc");
        }
    }

    /** With the secret made of the files that NOTES.txt names. */
    @Test
    void givesAHostTheTokenToJoinWith() throws Exception {
        JoinStep step = JoinStep.in(folder.resolve("host"), MANIFESTS);
        Files.copy(controlPlane.file("joiner.token"), step.secret().resolve("joiner.token"));
        Files.copy(controlPlane.file("ca.crt"), step.secret().resolve("ca.crt"));
        JoinStep.Outcome outcome = step.run(Map.of(
                "NODE_NAME",
                "worker-1.example",
                "LANDLORD_SERVER",
                "https://127.0.0.1:" + controlPlane.port("public"),
                "LANDLORD_BIN",
                Path.of("..", "dist", "target", "landlord", "bin")
                        .toAbsolutePath()
                        .toString()));
        assertThat(outcome).isEqualTo(new JoinStep.Outcome(0, "node worker-1 may join once; token in " + step.token()));
        assertThat(step.token()).content().matches("llj_[A-Za-z0-9_-]{43}\\.[0-9a-f]{64}\n");
    }

    private static X509Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static HttpClient trusting(Path authority) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("landlord", certificate(authority));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }
}
