package dev.landlord.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlPlaneTest {
    private static final String PLAN = "{\"cpuMillis\":1000,\"memoryBytes\":1073741824}";
    private static final String SPEC = "{\"image\":\"busybox\",\"command\":[\"sleep\",\"9\"],\"env\":{\"A.B\":\"c\"}}";

    @TempDir
    Path folder;

    @Test
    void keepsEverythingOverARestart() throws IOException {
        String operator;
        String tenant;
        String authority = "";
        try (RunningControlPlane first = RunningControlPlane.start(folder)) {
            operator = first.operatorToken();
            authority = Files.readString(folder.resolve("ca.crt"));
            assertThat(first.operator("PUT", "/api/v1/plans/small", PLAN).status())
                    .isEqualTo(201);
            Answer created = first.operator("PUT", "/api/v1/tenants/alice", "{\"plan\":\"small\"}");
            assertThat(created.status()).isEqualTo(201);
            tenant = created.text("/token");
            assertThat(first.call("public", tenant, "PUT", "/api/v1/tenants/alice/workloads/shop", SPEC)
                            .status())
                    .isEqualTo(201);
        }
        assertThat(folder.resolve("listeners.json")).exists();
        try (RunningControlPlane second = RunningControlPlane.start(folder)) {
            assertThat(second.operatorToken()).isEqualTo(operator);
            assertThat(Files.readString(folder.resolve("ca.crt"))).isEqualTo(authority);
            Answer shop = second.call("public", tenant, "GET", "/api/v1/tenants/alice/workloads/shop", null);
            assertThat(shop.status()).isEqualTo(200);
            assertThat(shop.text("/spec/image")).isEqualTo("busybox");
            assertThat(second.call("public", tenant, "PUT", "/api/v1/tenants/alice/workloads/shop", SPEC)
                            .text("/specVersion"))
                    .isEqualTo("1");
        }
    }

    @Test
    void keepsSecretsFromOtherUsersOfTheHost() throws IOException {
        try (RunningControlPlane running = RunningControlPlane.start(folder)) {
            for (String secret : new String[] {
                "operator.token", "scrape.token", "joiner.token", "ca.key", "server.key", "landlord.db"
            }) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(secret))))
                        .as(secret)
                        .isEqualTo("rw-------");
            }
            assertThat(running.operatorToken()).matches("ll_[A-Za-z0-9_-]{43}").isNotEqualTo(running.scrapeToken());
        }
    }

    @Test
    void refusesToServeAFolderThatAnotherServes() throws IOException {
        try (RunningControlPlane first = RunningControlPlane.start(folder)) {
            assertThat(first.port("public")).isPositive();
            assertThat(failureOf(() -> RunningControlPlane.start(folder).close()))
                    .contains("is in use by another control plane");
        }
    }

    @Test
    void refusesAFolderThatOthersMayWriteTo() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(failureOf(() -> RunningControlPlane.start(folder).close())).contains("may be written to by others");
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private static String failureOf(Attempt attempt) throws IOException {
        try {
            attempt.run();
        } catch (RuntimeException failure) {
            Throwable root = failure;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return String.valueOf(root.getMessage());
        }
        return "no failure";
    }
}
