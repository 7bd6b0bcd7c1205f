package dev.landlord.controlplane.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landlord.controlplane.RunningControlPlane;
import dev.landlord.controlplane.SharedControlPlane;
import dev.landlord.controlplane.watch.Watch;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * {@code docs/openapi.yaml} says of every path, parameter, field and status what the program has, no more and no less. A run
 * with -Dopenapi.rewrite=true writes what it saw; the sentences are in {@code openapi.properties}.
 */
@ExtendWith(SharedControlPlane.class)
class OpenApiTest {
    private static final Path FILE = Path.of("../docs/openapi.yaml");
    private static final Path SENTENCES = Path.of("src/test/resources/openapi.properties");
    private static final String ROOMS = "dev.landlord.controlplane.";

    private final RunningControlPlane running;

    OpenApiTest(RunningControlPlane running) {
        this.running = running;
    }

    @Test
    void describesWhatIsThere() throws IOException, ClassNotFoundException {
        Map<String, String> sentences = sentences();
        Map<String, HandlerMethod> operations = operations(false);
        Set<String> streams = operations(true).keySet();
        assertThat(operations).containsKeys(streams.toArray(String[]::new));
        assertThat(new TreeSet<>(sentences.keySet())).isEqualTo(new TreeSet<>(operations.keySet()));
        ApiDescription description = new ApiDescription(sentences, forms());
        operations.forEach((operation, handler) -> {
            String[] words = operation.split(" ", -1);
            description.add(words[0], words[1], handler.getMethod(), streams.contains(operation));
        });
        String seen = YAMLMapper.builder()
                .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER, YAMLWriteFeature.SPLIT_LINES)
                .enable(YAMLWriteFeature.MINIMIZE_QUOTES, YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .build()
                .writeValueAsString(description.document());
        if (Boolean.getBoolean("openapi.rewrite")) {
            Files.writeString(FILE, seen);
        }
        assertThat(seen).isEqualTo(Files.readString(FILE));
    }

    private Map<String, HandlerMethod> operations(boolean streams) {
        Map<String, HandlerMethod> found = new TreeMap<>();
        running.context()
                .getBeansOfType(RequestMappingHandlerMapping.class)
                .values()
                .forEach(mapping -> mapping.getHandlerMethods()
                        .forEach((info, handler) -> found.putAll(operations(info, handler, streams))));
        return found;
    }

    private static boolean isStream(HandlerMethod handler) {
        return Arrays.stream(handler.getMethodParameters())
                .anyMatch(parameter -> parameter.getParameterType() == Watch.class);
    }

    private static Map<String, HandlerMethod> operations(
            RequestMappingInfo info, HandlerMethod handler, boolean streams) {
        Map<String, HandlerMethod> found = new LinkedHashMap<>();
        for (String path : info.getPatternValues()) {
            // A stream has the path of what it tells of.
            if (path.startsWith("/api/v1/") && isStream(handler) == streams) {
                info.getMethodsCondition().getMethods().forEach(method -> found.put(method + " " + path, handler));
            }
        }
        return found;
    }

    private static Map<String, String> sentences() throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(SENTENCES)) {
            properties.load(reader);
        }
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name.replaceFirst("\\.", " "), properties::getProperty));
    }

    private static Map<String, Class<?>> forms() throws ClassNotFoundException {
        Map<String, Class<?>> forms = new LinkedHashMap<>();
        forms.put("PUT /api/v1/plans/{plan}", Class.forName(ROOMS + "tenant.PlanForm"));
        forms.put("PUT /api/v1/tenants/{tenant}", Class.forName(ROOMS + "tenant.TenantForm"));
        Class<?> workload = Class.forName(ROOMS + "workload.WorkloadForm");
        forms.put("PUT /api/v1/tenants/{tenant}/workloads/{workload}", workload);
        forms.put("POST /api/v1/tenants/{tenant}/workloads/{workload}:preview", workload);
        Class<?> token = Class.forName(ROOMS + "token.TokenForm");
        forms.put("POST /api/v1/tokens", token);
        forms.put("POST /api/v1/tenants/{tenant}/tokens", token);
        forms.put(
                "POST /api/v1/tenants/{tenant}/allocations/{allocation}:attach",
                Class.forName("dev.landlord.api.exec.AttachSpec"));
        forms.put(
                "POST /api/v1/tenants/{tenant}/allocations/{allocation}:exec",
                Class.forName("dev.landlord.api.exec.ExecSpec"));
        return forms;
    }
}
