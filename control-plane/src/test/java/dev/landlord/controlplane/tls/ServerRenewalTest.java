package dev.landlord.controlplane.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.RunningControlPlane;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerRenewalTest {
    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @CsvSource({"PT825D, PT765D", "PT180D, PT120D", "PT30D, PT20D", "PT12S, PT8S"})
    void isDueSixtyDaysBeforeTheEndOrInTheLastThird(String life, String due) {
        assertThat(ServerKeys.due(FROM, FROM.plus(days(life)))).isEqualTo(FROM.plus(days(due)));
    }

    private static Duration days(String text) {
        return Duration.parse(text.endsWith("D") ? text.replace("PT", "P") : text);
    }

    @Test
    @Timeout(180)
    void theNextOneIsShownWhileTheProcessRunsAndNobodyIsCutOff(@TempDir Path folder) throws Exception {
        try (RunningControlPlane running = RunningControlPlane.start(folder, "authority.server-life=30s")) {
            SSLContext tls = trustOf(running);
            Map<Listener, X509Certificate> first = new EnumMap<>(Listener.class);
            for (Listener listener : Listener.values()) {
                first.put(listener, shownBy(running, tls, listener));
            }
            try (SSLSocket stays = connect(running, tls, Listener.MANAGEMENT)) {
                assertThat(ask(stays)).startsWith("HTTP/1.1 200");
                first.forEach((listener, was) -> assertThat(
                                awaitAnother(running, tls, listener, was).getPublicKey())
                        .isNotEqualTo(was.getPublicKey()));
                assertThat(ask(stays)).as("on a connection of before").startsWith("HTTP/1.1 200");
            }
            X509Certificate last = shownBy(running, tls, Listener.NODE);
            assertThat(running.metrics())
                    .contains("landlord_controlplane_certificate_expiry_timestamp_seconds{certificate=\"server\"}");
            assertThat(running.context().getBean(Listeners.class).expiresAt())
                    .isGreaterThanOrEqualTo(last.getNotAfter().toInstant().toEpochMilli());
            assertThat(CertificateAuthority.readCertificate(Files.readString(folder.resolve("server.crt")))
                            .getNotAfter()
                            .toInstant())
                    .isAfterOrEqualTo(last.getNotAfter().toInstant());
        }
    }

    private static X509Certificate awaitAnother(
            RunningControlPlane running, SSLContext tls, Listener listener, X509Certificate first) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        try {
            X509Certificate shown = shownBy(running, tls, listener);
            while (shown.equals(first) && System.nanoTime() < until) {
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                shown = shownBy(running, tls, listener);
            }
            return shown;
        } catch (IOException failure) {
            throw new UncheckedIOException(listener + " does not let one in", failure);
        }
    }

    /** By a whole handshake, in which the client believes the authority. */
    private static X509Certificate shownBy(RunningControlPlane running, SSLContext tls, Listener listener)
            throws IOException {
        try (SSLSocket socket = connect(running, tls, listener)) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static SSLSocket connect(RunningControlPlane running, SSLContext tls, Listener listener)
            throws IOException {
        SSLSocket socket = (SSLSocket) tls.getSocketFactory()
                .createSocket(
                        InetAddress.getLoopbackAddress(),
                        running.port(listener.name().toLowerCase(Locale.ROOT)));
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.startHandshake();
        return socket;
    }

    private static String ask(SSLSocket socket) throws IOException {
        socket.getOutputStream().write("HEAD /actuator/health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
        return whole(socket.getInputStream());
    }

    /** Of a HEAD there is no more. */
    private static String whole(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return head + "and no more";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static SSLContext trustOf(RunningControlPlane running) {
        return running.client().sslContext();
    }
}
