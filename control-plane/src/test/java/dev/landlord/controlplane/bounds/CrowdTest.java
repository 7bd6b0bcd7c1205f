package dev.landlord.controlplane.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.sync.Reporter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A crowd before the tenants' door does not stand before the agents'. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrowdTest {
    private static final int CROWD = 10_000;
    private static final int PUBLIC_CONNECTIONS = 1024;
    /** The other ends of those that are let in are in this process too; and it has files of its own. */
    private static final int FILES_FOR_OTHERS = PUBLIC_CONNECTIONS + 1_000;
    /** Let in, and those that wait at the door. */
    private static final int FULL = PUBLIC_CONNECTIONS + 512;

    private static final int REPORTS = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private RunningControlPlane running;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        running = RunningControlPlane.start(folder);
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void idleConnectionsFillTheirOwnListenerAndNodesReportOn() throws Exception {
        Reporter node = Reporter.joined(running, "crowded");
        int size = Math.min(CROWD, openFilesMax() - FILES_FOR_OTHERS);
        assertThat(size)
                .as("as many as this process may have files open, less ours")
                .isGreaterThan(FULL);
        System.out.printf("%d idle connections%n", size);
        List<SocketChannel> crowd = new ArrayList<>();
        try {
            InetSocketAddress door = new InetSocketAddress(InetAddress.getLoopbackAddress(), running.port("public"));
            for (int i = 0; i < size; i++) {
                SocketChannel idle = SocketChannel.open();
                crowd.add(idle);
                idle.configureBlocking(false);
                idle.connect(door);
            }
            // Some are turned away while they come faster than they are let in, and come again by themselves.
            awaitDoor("the door is full", false);
            for (int i = 0; i < REPORTS; i++) {
                assertThat(node.report()).as("report %d", i).isEqualTo(200);
            }
            assertThat(running.call("management", null, "GET", "/actuator/health", null)
                            .status())
                    .isEqualTo(200);
        } finally {
            for (SocketChannel idle : crowd) {
                idle.close();
            }
        }
        awaitDoor("the door is open again", true);
    }

    private void awaitDoor(String what, boolean open) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (isOpen() != open) {
            assertThat(System.nanoTime()).as(what).isLessThan(until);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    /** With a client of its own, which has no connection from before. */
    private int knock() throws IOException, InterruptedException {
        try (HttpClient fresh = HttpClient.newBuilder()
                .sslContext(running.client().sslContext())
                .connectTimeout(Duration.ofSeconds(2))
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(
                            running.request("public", null, "/api/v1/version").build(), (name, value) -> true)
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return fresh.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        }
    }

    private boolean isOpen() throws InterruptedException {
        try {
            return knock() > 0;
        } catch (IOException full) {
            return false;
        }
    }

    private static int openFilesMax() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split("\\s+", -1)[3])
                .mapToInt(soft -> soft.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(soft))
                .findFirst()
                .orElseThrow();
    }
}
