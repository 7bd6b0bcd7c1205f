package dev.landlord.controlplane.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.api.id.NodeName;
import dev.landlord.api.id.TenantName;
import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.credential.Identity;
import dev.landlord.controlplane.tls.Listener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Every mapping that the running program has, on each listener, for each kind of caller. A new mapping shows here as a
 * change of the file {@code access.txt}, which somebody has to want.
 */
class MappingsTest {
    private static final List<Identity> CALLERS = List.of(
            new Identity.Operator(),
            new Identity.Tenant(new TenantName("own")),
            new Identity.Node(new NodeName("own")),
            new Identity.Scraper(),
            new Identity.Joiner());

    @Test
    void reachesExactlyWhatTheFileSays(@TempDir Path folder) throws IOException {
        TreeSet<String> lines = new TreeSet<>();
        try (RunningControlPlane running = RunningControlPlane.start(folder)) {
            running.context()
                    .getBeansOfType(RequestMappingHandlerMapping.class)
                    .values()
                    .forEach(
                            mapping -> mapping.getHandlerMethods().keySet().forEach(info -> lines.addAll(lines(info))));
        }
        // Not controllers: sockets, and the two endpoints of the framework.
        lines.add(line("GET", "/node/v1/streams/{id}"));
        lines.add(line("GET", "/node/v1/execs/{id}"));
        lines.add(line("GET", "/api/v1/tenants/{tenant}/execs/{id}"));
        lines.add(line("GET", "/actuator/health"));
        lines.add(line("GET", "/actuator/prometheus"));
        assertThat(String.join("\n", lines) + "\n").isEqualTo(expected());
    }

    private static List<String> lines(RequestMappingInfo info) {
        Stream<String> methods = info.getMethodsCondition().getMethods().isEmpty()
                ? Stream.of("GET", "POST", "PUT", "DELETE")
                : info.getMethodsCondition().getMethods().stream().map(Enum::name);
        List<String> patterns = List.copyOf(info.getPatternValues());
        return methods.flatMap(method -> patterns.stream().map(pattern -> line(method, pattern)))
                .toList();
    }

    private static String line(String method, String pattern) {
        Listener listener = Arrays.stream(Listener.values())
                .filter(candidate -> pattern.startsWith(candidate.pathPrefix()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(pattern + " is below no listener's prefix"));
        String own = reach(listener, method, pattern, "own");
        String other = reach(listener, method, pattern, "other");
        return "%-6s %-62s %s%s"
                .formatted(
                        method,
                        pattern,
                        own,
                        own.equals(other) ? "" : "  another's: " + (other.isEmpty() ? "nobody" : other));
    }

    /** The callers that are let through when the names in the path are these. */
    private static String reach(Listener listener, String method, String pattern, String name) {
        List<String> path = Arrays.stream(pattern.substring(1)
                        .replace("{tenant}", name)
                        .replace("{node}", name)
                        .split("/"))
                .toList();
        if (Access.decide(listener, method, path, null) == Access.Decision.ALLOWED) {
            return "everybody";
        }
        return CALLERS.stream()
                .filter(caller -> Access.decide(listener, method, path, caller) == Access.Decision.ALLOWED)
                .map(Identity::kind)
                .collect(Collectors.joining(" "));
    }

    private static String expected() throws IOException {
        try (var file = MappingsTest.class.getResourceAsStream("/access.txt")) {
            return file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
