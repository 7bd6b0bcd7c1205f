package dev.landlord.agent.health;

import dev.landlord.api.workload.HealthCheck;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * One check. Thread-safe; blocks at most for the check's timeout. Reaches the replica itself and nobody else: what it answers
 * leads nowhere, and the host's proxy is not asked, to which the address would be one of its own network.
 */
final class Knock implements AutoCloseable {
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();

    boolean passes(String address, HealthCheck check) throws InterruptedException {
        try {
            return switch (check.kind()) {
                case TCP -> connects(address, check);
                case HTTP -> answers(address, check);
            };
        } catch (IOException | IllegalArgumentException refused) {
            return false; // what it is worth is counted by the caller
        }
    }

    private static boolean connects(String address, HealthCheck check) throws IOException {
        try (Socket socket = new Socket(Proxy.NO_PROXY)) {
            socket.connect(new InetSocketAddress(address, check.port()), (int) check.timeoutMillis());
            return true;
        }
    }

    private boolean answers(String address, HealthCheck check) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + address + ":" + check.port() + check.path()))
                .timeout(Duration.ofMillis(check.timeoutMillis()))
                .build();
        HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
        // Of the body nothing is read: it may have no end.
        response.body().close();
        return response.statusCode() >= 200 && response.statusCode() < 400;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
