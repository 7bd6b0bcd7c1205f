package dev.landlord.controlplane.openapi;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.landlord.api.id.Id;
import dev.landlord.controlplane.web.Items;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Describes records as JSON has them. Collects those that have names. */
final class Schemas {
    private final Map<String, Object> named = new TreeMap<>();

    Map<String, Object> named() {
        return named;
    }

    /** Of what is sent: the server fills in what is left out, and says what it needs. */
    Map<String, Object> ofForm(Class<?> form) {
        return of(form, false);
    }

    Map<String, Object> ofAnswer(Type type) {
        return of(type, true);
    }

    private Map<String, Object> of(Type type, boolean answer) {
        if (type instanceof ParameterizedType generic) {
            return ofGeneric(generic, answer);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord() && !Id.class.isAssignableFrom(plain)) {
            return reference(plain, answer);
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", word(plain));
        if (plain == long.class || plain == Long.class) {
            schema.put("format", "int64");
        }
        return schema;
    }

    private Map<String, Object> ofGeneric(ParameterizedType generic, boolean answer) {
        Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
        Class<?> raw = (Class<?>) generic.getRawType();
        if (Collection.class.isAssignableFrom(raw)) {
            return ordered("type", "array", "items", of(last, answer));
        }
        if (Map.class.isAssignableFrom(raw)) {
            return ordered("type", "object", "additionalProperties", of(last, answer));
        }
        if (raw == Items.class) {
            Map<String, Object> properties = new LinkedHashMap<>();
            properties.put("items", ordered("type", "array", "items", of(last, answer)));
            properties.put("cursor", ordered("type", "string"));
            return ordered("type", "object", "properties", properties, "required", List.of("items"));
        }
        throw new IllegalArgumentException("cannot describe " + generic);
    }

    private static String word(Class<?> plain) {
        if (plain == boolean.class || plain == Boolean.class) {
            return "boolean";
        }
        if (List.<Class<?>>of(int.class, Integer.class, long.class, Long.class).contains(plain)) {
            return "integer";
        }
        if (plain == double.class || plain == Double.class) {
            return "number";
        }
        return "string";
    }

    private Map<String, Object> reference(Class<?> type, boolean answer) {
        // What is sent lacks what may be left out; what is shown says everything.
        String name = name(type) + (answer && type.getSimpleName().endsWith("Form") ? "Shown" : "");
        if (!named.containsKey(name)) {
            // First, so that a record that holds itself ends.
            named.put(name, Map.of());
            named.put(name, describe(type, answer));
        }
        return ordered("$ref", "#/components/schemas/" + name);
    }

    private static String name(Class<?> type) {
        Class<?> around = type.getEnclosingClass();
        return (around == null || around.getSimpleName().endsWith("Controller") ? "" : around.getSimpleName())
                + type.getSimpleName();
    }

    private Map<String, Object> describe(Class<?> type, boolean answer) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        boolean leavesOut = leavesOutNulls(type);
        for (RecordComponent component : type.getRecordComponents()) {
            if (has(component, JsonIgnore.class)) {
                continue;
            }
            boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            boolean absent = leavesOut || leavesOutNulls(component.getAccessor());
            Map<String, Object> schema = of(component.getGenericType(), answer);
            properties.put(component.getName(), nullable && !absent && answer ? orNull(schema) : schema);
            if (answer && !(nullable && absent)) {
                required.add(component.getName());
            }
        }
        Map<String, Object> whole = ordered("type", "object", "properties", properties);
        if (!required.isEmpty()) {
            whole.put("required", required);
        }
        if (!answer) {
            whole.put("additionalProperties", false);
        }
        return whole;
    }

    private static boolean has(RecordComponent component, Class<JsonIgnore> annotation) {
        return component.getAccessor().isAnnotationPresent(annotation);
    }

    private static boolean leavesOutNulls(AnnotatedElement element) {
        return Optional.ofNullable(element.getAnnotation(JsonInclude.class))
                .filter(include -> include.value() == JsonInclude.Include.NON_NULL)
                .isPresent();
    }

    private static Map<String, Object> orNull(Map<String, Object> schema) {
        if (schema.containsKey("$ref")) {
            return ordered("oneOf", List.of(schema, Map.of("type", "null")));
        }
        Map<String, Object> either = new LinkedHashMap<>(schema);
        either.put("type", List.of(String.valueOf(schema.get("type")), "null"));
        return either;
    }

    static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int index = 0; index < pairs.length; index += 2) {
            map.put(String.valueOf(pairs[index]), pairs[index + 1]);
        }
        return map;
    }
}
