package dev.landlord.cli.manifest;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/** What a value may look like. Reports each departure with the dotted path of the field. */
sealed interface Shape {
    /** A plain value of one type. */
    enum Value implements Shape {
        STRING("a string; quote it"),
        INTEGER("an integer"),
        BOOLEAN("true or false");

        private final String expectation;

        Value(String expectation) {
            this.expectation = expectation;
        }

        private boolean fits(JsonNode node) {
            return switch (this) {
                case STRING -> node.isString();
                case INTEGER -> node.isIntegralNumber();
                case BOOLEAN -> node.isBoolean();
            };
        }
    }

    record ListOf(Shape element) implements Shape {}

    record MapOf(Shape value) implements Shape {}

    /**
     * Named fields.
     *
     * @param later fields of the design that this version does not have yet
     */
    record Fields(Map<String, Shape> known, List<String> required, Set<String> later) implements Shape {}

    /** Calls {@code problems} with path and rule for everything that does not fit. */
    default void check(String path, JsonNode node, BiConsumer<String, String> problems) {
        switch (this) {
            case Value value -> {
                if (!value.fits(node)) {
                    problems.accept(path, "must be " + value.expectation);
                }
            }
            case ListOf list -> {
                if (!node.isArray()) {
                    problems.accept(path, "must be a list");
                    return;
                }
                for (int index = 0; index < node.size(); index++) {
                    list.element().check(path + "[" + index + "]", node.get(index), problems);
                }
            }
            case MapOf map -> {
                if (!node.isObject()) {
                    problems.accept(path, "must be a map");
                    return;
                }
                node.properties()
                        .forEach(entry -> map.value().check(path + "." + entry.getKey(), entry.getValue(), problems));
            }
            case Fields fields -> checkFields(fields, path, node, problems);
        }
    }

    private static void checkFields(Fields fields, String path, JsonNode node, BiConsumer<String, String> problems) {
        if (!node.isObject()) {
            problems.accept(path, "must be a map");
            return;
        }
        String prefix = path.isEmpty() ? "" : path + ".";
        node.properties().forEach(entry -> {
            String name = entry.getKey();
            Shape shape = fields.known().get(name);
            if (shape != null) {
                shape.check(prefix + name, entry.getValue(), problems);
            } else if (fields.later().contains(name)) {
                problems.accept(prefix + name, "is not supported by this version");
            } else {
                problems.accept(prefix + name, "unknown field; known are " + sorted(fields.known()));
            }
        });
        for (String name : fields.required()) {
            if (!node.has(name)) {
                problems.accept(prefix + name, "is missing");
            }
        }
    }

    private static String sorted(Map<String, Shape> known) {
        return String.join(", ", known.keySet().stream().sorted().toList());
    }
}
