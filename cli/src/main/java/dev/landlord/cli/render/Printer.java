package dev.landlord.cli.render;

import dev.landlord.cli.terminal.Terminal;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Prints results in the format that was asked for. */
public final class Printer {
    private final Terminal terminal;
    private final OutputFormat format;

    public Printer(Terminal terminal, OutputFormat format) {
        this.terminal = terminal;
        this.format = format;
    }

    /** Several objects; as JSON and YAML {@code {"items": [...]}}. */
    public void list(View view, List<JsonNode> items) {
        ObjectNode whole = JsonMapper.shared().createObjectNode();
        whole.putArray("items").addAll(items);
        print(whole, out -> {
            Table table = view.table(items, terminal.clock().instant());
            if (table.isEmpty()) {
                terminal.say("none");
            } else {
                table.print(out, "");
            }
        });
    }

    /** Objects of which more come; as JSON and YAML one document after the other. */
    public GrowingList growing(View view) {
        boolean tabular = format == OutputFormat.TABLE;
        return new GrowingList(terminal, view, tabular, item -> {
            if (format == OutputFormat.YAML) {
                terminal.out().println("---");
            }
            print(item, unused -> {});
        });
    }

    /** One object. */
    public void one(View view, JsonNode item) {
        print(item, out -> view.table(List.of(item), terminal.clock().instant()).print(out, ""));
    }

    /** One object with its own form for people. */
    public void print(JsonNode node, Consumer<PrintStream> table) {
        switch (format) {
            case TABLE -> table.accept(terminal.out());
            case JSON -> terminal.out().println(json(node));
            case YAML -> terminal.out().print(yaml(node));
        }
    }

    private static String json(JsonNode node) {
        return JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(node);
    }

    private static String yaml(JsonNode node) {
        return YAMLMapper.builder()
                .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
                // A string that reads like a number stays a string when it is read again.
                .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .build()
                .writeValueAsString(node);
    }
}
