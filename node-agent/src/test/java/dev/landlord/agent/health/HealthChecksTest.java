package dev.landlord.agent.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.landlord.agent.health.HealthChecks.Target;
import dev.landlord.api.id.AllocationId;
import dev.landlord.api.sync.ObservedHealth;
import dev.landlord.api.workload.HealthCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthChecksTest {
    private static final AllocationId ID = new AllocationId("aaaaaaaa");

    private final BlockingQueue<String> changes = new LinkedBlockingQueue<>();
    private final HealthChecks checks = new HealthChecks(() -> changes.add("changed"));

    @AfterEach
    void close() {
        checks.close();
    }

    private static HealthCheck check(HealthCheck.Kind kind, int port, int healthyAfter, int unhealthyAfter) {
        String path = kind == HealthCheck.Kind.HTTP ? "/up" : null;
        return new HealthCheck(kind, port, path, 100, 100, healthyAfter, unhealthyAfter);
    }

    @Test
    void countsPassesAndFailuresInARow() {
        HealthCheck check = check(HealthCheck.Kind.TCP, 1, 2, 3);
        HealthRecord record = HealthRecord.FRESH.after(true, check);
        assertThat(record.health()).isEqualTo(ObservedHealth.STARTING);
        record = record.after(false, check).after(true, check);
        assertThat(record.health()).isEqualTo(ObservedHealth.STARTING);
        record = record.after(true, check);
        assertThat(record.health()).isEqualTo(ObservedHealth.HEALTHY);
        record = record.after(false, check).after(false, check);
        assertThat(record.health()).isEqualTo(ObservedHealth.HEALTHY);
        record = record.after(false, check);
        assertThat(record.health()).isEqualTo(ObservedHealth.UNHEALTHY);
        assertThat(record.after(true, check).health()).isEqualTo(ObservedHealth.UNHEALTHY);
    }

    @Test
    void seesAServerComeAndGo() throws Exception {
        AtomicInteger status = new AtomicInteger(503);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/up", exchange -> {
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
        try {
            follow(1, check(HealthCheck.Kind.HTTP, server.getAddress().getPort(), 1, 2));
            await(ObservedHealth.UNHEALTHY);
            status.set(204);
            await(ObservedHealth.HEALTHY);
            status.set(302);
            status.set(404);
            await(ObservedHealth.UNHEALTHY);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void isNotHeldUpByWhoNeverAnswersNorByWhoNeverEnds() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/up", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] piece = new byte[8192];
            try {
                while (!Thread.interrupted()) {
                    exchange.getResponseBody().write(piece);
                }
            } catch (IOException left) {
                exchange.close();
            }
        });
        server.start();
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            follow(1, check(HealthCheck.Kind.HTTP, silent.getLocalPort(), 1, 1));
            await(ObservedHealth.UNHEALTHY);
            follow(2, check(HealthCheck.Kind.HTTP, server.getAddress().getPort(), 1, 1));
            await(ObservedHealth.HEALTHY);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void beginsAnewWithEachRunAndForgetsWhoIsGone() throws Exception {
        ServerSocket open = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        HealthCheck check = check(HealthCheck.Kind.TCP, open.getLocalPort(), 1, 1);
        try (open) {
            follow(1, check);
            await(ObservedHealth.HEALTHY);
        }
        follow(2, check);
        await(ObservedHealth.UNHEALTHY);
        checks.follow(Map.of());
        assertThat(checks.of(ID)).isNull();
    }

    @Test
    void asksNoProxyAndFollowsNobodyElsewhere() throws Exception {
        ProxySelector before = ProxySelector.getDefault();
        AtomicInteger elsewhere = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        int port = server.getAddress().getPort();
        server.createContext("/up", exchange -> {
            exchange.getResponseHeaders().add("Location", "http://127.0.0.1:" + port + "/elsewhere");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.createContext("/elsewhere", exchange -> {
            elsewhere.incrementAndGet();
            exchange.close();
        });
        server.start();
        ProxySelector.setDefault(new DeadProxy());
        try (HealthChecks behindAProxy = new HealthChecks(() -> changes.add("changed"))) {
            int run = 0;
            for (HealthCheck.Kind kind : HealthCheck.Kind.values()) {
                behindAProxy.follow(Map.of(ID, new Target(++run, "127.0.0.1", check(kind, port, 1, 1))));
                await(behindAProxy, ObservedHealth.HEALTHY);
            }
            assertThat(elsewhere).hasValue(0);
        } finally {
            ProxySelector.setDefault(before);
            server.stop(0);
        }
    }

    /** At a port of which nothing answers. */
    private static final class DeadProxy extends ProxySelector {
        @Override
        public List<Proxy> select(URI uri) {
            Proxy.Type type = "socket".equals(uri.getScheme()) ? Proxy.Type.SOCKS : Proxy.Type.HTTP;
            return List.of(new Proxy(type, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)));
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
    }

    private void follow(int run, HealthCheck check) {
        checks.follow(Map.of(ID, new Target(run, "127.0.0.1", check)));
    }

    private void await(ObservedHealth expected) throws InterruptedException {
        await(checks, expected);
    }

    private void await(HealthChecks checks, ObservedHealth expected) throws InterruptedException {
        @Nullable ObservedHealth seen = checks.of(ID);
        while (seen != expected) {
            assertThat(changes.poll(20, TimeUnit.SECONDS)).as("still " + seen).isNotNull();
            seen = checks.of(ID);
        }
    }
}
