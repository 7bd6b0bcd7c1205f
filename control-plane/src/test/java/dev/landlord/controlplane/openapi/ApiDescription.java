package dev.landlord.controlplane.openapi;

import static dev.landlord.controlplane.openapi.Schemas.ordered;

import dev.landlord.api.problem.Problem;
import dev.landlord.controlplane.label.Selector;
import dev.landlord.controlplane.page.PageRequest;
import dev.landlord.controlplane.revision.Precondition;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.ValueConstants;

/** Makes a document of OpenAPI 3.1 of the mappings of the running program. */
final class ApiDescription {
    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");

    private final Map<String, String> summaries;
    private final Map<String, Class<?>> forms;
    private final Schemas schemas = new Schemas();
    private final Map<String, Map<String, Object>> paths = new TreeMap<>();

    /**
     * Both by method and path, as in {@code PUT /api/v1/plans/{plan}}.
     *
     * @param summaries a sentence for each operation
     * @param forms what bodies are read as
     */
    ApiDescription(Map<String, String> summaries, Map<String, Class<?>> forms) {
        this.summaries = summaries;
        this.forms = forms;
    }

    /** @param streams whether it can be watched too */
    void add(String verb, String path, Method handler, boolean streams) {
        String summary = summaries.get(verb + " " + path);
        if (summary == null) {
            throw new AssertionError("openapi.properties has no sentence for " + verb + " " + path);
        }
        List<Object> parameters = parameters(verb, path, handler);
        if (streams) {
            parameters.add(parameter("watch", "query", false, "boolean"));
            parameters.add(parameter("Last-Event-ID", "header", false, "string"));
        }
        Map<String, Object> operation = ordered("summary", summary, "parameters", parameters);
        if (takesBody(handler)) {
            Class<?> form = forms.get(verb + " " + path);
            if (form == null) {
                throw new AssertionError("no form is known for " + verb + " " + path);
            }
            operation.put(
                    "requestBody",
                    ordered("required", true, "content", content("application/json", schemas.ofForm(form))));
        }
        operation.put("responses", responses(verb, handler, streams));
        paths.computeIfAbsent(path, fresh -> new TreeMap<>()).put(verb.toLowerCase(Locale.ROOT), operation);
    }

    Map<String, Object> document() {
        schemas.ofAnswer(Problem.class);
        return ordered(
                "openapi", "3.1.0",
                "info", ordered("title", "Landlord", "version", "v1", "description", "See api.md for what is common."),
                "security", List.of(Map.of("bearer", List.of())),
                "paths", paths,
                "components",
                        ordered(
                                "securitySchemes", Map.of("bearer", ordered("type", "http", "scheme", "bearer")),
                                "schemas", schemas.named()));
    }

    private static List<Object> parameters(String verb, String path, Method handler) {
        List<Object> found = new ArrayList<>();
        VARIABLE.matcher(path)
                .results()
                .forEach(variable -> found.add(parameter(variable.group(1), "path", true, "string")));
        for (Parameter parameter : handler.getParameters()) {
            RequestParam query = parameter.getAnnotation(RequestParam.class);
            if (query != null) {
                String name = query.name().isEmpty() ? parameter.getName() : query.name();
                boolean required = query.required() && query.defaultValue().equals(ValueConstants.DEFAULT_NONE);
                found.add(parameter(name, "query", required, word(parameter.getType())));
            } else if (parameter.getType() == PageRequest.class) {
                found.add(parameter("limit", "query", false, "integer"));
                found.add(parameter("cursor", "query", false, "string"));
            } else if (parameter.getType() == Selector.class) {
                found.add(parameter("selector", "query", false, "string"));
            } else if (parameter.getType() == Precondition.class) {
                found.add(parameter("If-Match", "header", false, "string"));
                found.add(parameter("If-None-Match", "header", false, "string"));
            }
        }
        if (verb.equals("GET")) {
            found.add(parameter("index", "query", false, "integer"));
            found.add(parameter("wait", "query", false, "string"));
        } else if (verb.equals("POST")) {
            found.add(parameter("Idempotency-Key", "header", false, "string"));
        }
        return found;
    }

    private static Map<String, Object> parameter(String name, String in, boolean required, String type) {
        return ordered("name", name, "in", in, "required", required, "schema", ordered("type", type));
    }

    private static String word(Class<?> type) {
        if (type == boolean.class || type == Boolean.class) {
            return "boolean";
        }
        return type == int.class || type == Integer.class || type == long.class || type == Long.class
                ? "integer"
                : "string";
    }

    private static boolean takesBody(Method handler) {
        return Arrays.stream(handler.getParameters())
                .anyMatch(parameter -> parameter.isAnnotationPresent(RequestBody.class));
    }

    private Map<String, Object> responses(String verb, Method handler, boolean streams) {
        Map<String, Object> responses = new LinkedHashMap<>();
        Type type = handler.getGenericReturnType();
        boolean tagged = handler.getReturnType() == ResponseEntity.class;
        ResponseStatus status = handler.getAnnotation(ResponseStatus.class);
        String success =
                status == null ? "200" : Integer.toString(status.value().value());
        if (tagged) {
            type = ((ParameterizedType) type).getActualTypeArguments()[0];
        }
        responses.put(success, success(type, handler, streams));
        if (tagged && verb.equals("PUT")) {
            responses.put("201", success(type, handler, false));
        } else if (tagged) {
            responses.put("304", ordered("description", "nothing is new"));
        }
        responses.put(
                "default",
                ordered(
                        "description",
                        "what was in the way",
                        "content",
                        content("application/problem+json", schemas.ofAnswer(Problem.class))));
        return responses;
    }

    private Map<String, Object> success(Type type, Method handler, boolean streams) {
        Map<String, Object> answer = ordered("description", "done");
        if (type == String.class) {
            answer.put("content", content("application/x-ndjson", ordered("type", "string")));
        } else if (type == void.class && handler.getAnnotation(ResponseStatus.class) == null) {
            answer.put("content", content("text/plain", ordered("type", "string")));
        } else if (type != void.class) {
            Map<String, Object> content = content("application/json", schemas.ofAnswer(type));
            if (streams) {
                content.putAll(content("text/event-stream", ordered("type", "string")));
            }
            answer.put("content", content);
        }
        return answer;
    }

    private static Map<String, Object> content(String media, Map<String, Object> schema) {
        return ordered(media, ordered("schema", schema));
    }
}
