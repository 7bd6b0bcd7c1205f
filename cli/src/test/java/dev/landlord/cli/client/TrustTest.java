package dev.landlord.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.cli.wire.Problems;
import dev.landlord.cli.wire.ServerKeys;
import dev.landlord.cli.wire.TestTerminal;
import dev.landlord.cli.wire.TestTerminal.Outcome;
import dev.landlord.cli.wire.WireServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustTest {
    @TempDir
    private static Path folder = Path.of("");

    private static ServerKeys keys;
    private static ServerKeys others;

    @BeforeAll
    static void makeKeys() throws Exception {
        keys = ServerKeys.make(folder, "ours");
        others = ServerKeys.make(folder, "others");
    }

    private WireServer server;

    @BeforeEach
    void start() throws IOException {
        server = new WireServer(keys).answer("GET /api/v1/plans", 200, "{\"items\":[]}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Outcome plans(Path caFile, String uri) {
        return new TestTerminal(folder)
                .env("LANDLORD_TOKEN", "ll_secret")
                .run("plan", "list", "--server", uri, "--ca-file", caFile.toString());
    }

    @Test
    void theServerOfTheAuthorityIsTrustedAndGetsTheToken() {
        Outcome outcome = plans(keys.caFile(), server.uri().toString());
        assertThat(outcome.code()).isZero();
        assertThat(server.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.authorization()).isEqualTo("Bearer ll_secret"));
    }

    @Test
    void aServerOfAnotherAuthorityIsNotTrustedAndGetsNoToken() {
        Outcome outcome = plans(others.caFile(), server.uri().toString());
        assertThat(outcome.code()).isEqualTo(3);
        assertThat(outcome.err())
                .isEqualTo("landlord: cannot reach " + server.uri()
                        + ": TLS: its certificate is not signed by the authority in " + others.caFile() + "\n");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void withoutAnAuthorityOnlyThoseOfTheRuntimeAreTrusted() {
        Outcome outcome = new TestTerminal(folder)
                .run("plan", "list", "--server", server.uri().toString());
        assertThat(outcome.code()).isEqualTo(3);
        assertThat(outcome.err()).contains("not signed by an authority that is known here; give --ca-file");
    }

    @Test
    void aCertificateForAnotherNameIsNotTrusted() {
        String uri = server.uri().toString().replace("127.0.0.1", "localhost");
        Outcome outcome = plans(keys.caFile(), uri);
        assertThat(outcome.code()).isEqualTo(3);
        assertThat(outcome.err()).startsWith("landlord: cannot reach " + uri + ": TLS: ");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aFileWithoutACertificateIsRefused() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.crt"), "nothing here\n");
        Outcome outcome = plans(empty, server.uri().toString());
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).isEqualTo("landlord: CA file " + empty + ": holds no certificate in PEM\n");
    }

    @Test
    void whoHasNoTokenIsToldHowToGetOne() {
        server.answer("GET /api/v1/tenants", 401, Problems.of(401, "unauthenticated", "a token is needed"));
        Outcome outcome = new TestTerminal(folder)
                .run(
                        "tenant",
                        "list",
                        "--server",
                        server.uri().toString(),
                        "--ca-file",
                        keys.caFile().toString());
        assertThat(outcome.code()).isEqualTo(4);
        assertThat(outcome.err()).isEqualTo("""
                landlord: unauthenticated: a token is needed
                landlord: no token is known; give --token-file, or run landlord login
                """);
    }
}
