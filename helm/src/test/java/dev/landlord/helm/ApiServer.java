package dev.landlord.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;

/** As much of a Kubernetes API server as says which kinds there are; it has no object, and takes none. It notes what it is asked for. */
final class ApiServer implements AutoCloseable {
    private final HttpServer server;
    private final List<String> monitoringKinds;
    private final Set<String> asked = new ConcurrentSkipListSet<>();

    private ApiServer(HttpServer server, List<String> monitoringKinds) {
        this.server = server;
        this.monitoringKinds = monitoringKinds;
    }

    /** @param monitoringKinds of {@code monitoring.coreos.com/v1}; that group is not there if there are none */
    static ApiServer start(List<String> monitoringKinds) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ApiServer api = new ApiServer(server, List.copyOf(monitoringKinds));
        server.createContext("/", api::answer);
        server.start();
        return api;
    }

    String kubeConfig() {
        return """
                apiVersion: v1
                kind: Config
                clusters: [{name: fake, cluster: {server: "http://127.0.0.1:%d"}}]
                contexts: [{name: fake, context: {cluster: fake, user: nobody}}]
                users: [{name: nobody, user: {}}]
                current-context: fake
                """.formatted(server.getAddress().getPort());
    }

    /** Objects about which it was asked, as PLURAL/NAME: an installation asks for each that it would make. */
    Set<String> objects() {
        assertThat(asked).allMatch(request -> request.startsWith("GET "));
        return asked.stream()
                .filter(request -> request.contains("/namespaces/hosting/"))
                .map(request -> request.replaceFirst(".*/namespaces/hosting/", ""))
                .filter(object -> object.contains("/"))
                .collect(Collectors.toSet());
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
        String body = body(exchange.getRequestURI().getPath());
        byte[] bytes = (body.isEmpty() ? "{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":404}" : body)
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(body.isEmpty() ? 404 : 200, bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private String body(String path) {
        return switch (path) {
            case "/version" -> "{\"major\":\"1\",\"minor\":\"31\",\"gitVersion\":\"v1.31.0\"}";
            case "/api" -> "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}";
            case "/api/v1" -> resources("v1", List.of("ConfigMap", "PersistentVolumeClaim", "Secret", "Service"));
            case "/apis" ->
                "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[" + group("apps")
                        + (monitoringKinds.isEmpty() ? "" : "," + group("monitoring.coreos.com")) + "]}";
            case "/apis/apps/v1" -> resources("apps/v1", List.of("DaemonSet", "Deployment"));
            case "/apis/monitoring.coreos.com/v1" -> resources("monitoring.coreos.com/v1", monitoringKinds);
            default -> "";
        };
    }

    private static String group(String name) {
        String version = "{\"groupVersion\":\"" + name + "/v1\",\"version\":\"v1\"}";
        return "{\"name\":\"" + name + "\",\"versions\":[" + version + "],\"preferredVersion\":" + version + "}";
    }

    private static String resources(String groupVersion, List<String> kinds) {
        return kinds.stream()
                .map(kind -> "{\"name\":\"" + kind.toLowerCase(java.util.Locale.ROOT) + "s\",\"kind\":\"" + kind
                        + "\",\"namespaced\":true,\"verbs\":[\"get\",\"list\",\"create\"]}")
                .collect(Collectors.joining(
                        ",",
                        "{\"kind\":\"APIResourceList\",\"apiVersion\":\"v1\",\"groupVersion\":\"" + groupVersion
                                + "\",\"resources\":[",
                        "]}"));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
