package dev.landlord.cli.render;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** What a change of a workload would do, in lines for people. Pure. */
public final class PreviewText {
    private PreviewText() {}

    /**
     * Says all that the server says.
     *
     * @param name of the workload, with its tenant
     */
    public static List<String> lines(String name, JsonNode preview) {
        List<String> lines = new ArrayList<>();
        String fields = joined(preview.path("fields"));
        lines.add("workload " + name + " would be " + change(preview) + (fields.isEmpty() ? "" : ": " + fields));
        preview.path("places")
                .forEach(place -> lines.add("  replica " + Fields.text(place, "index") + " would be placed on node "
                        + Fields.text(place, "node")));
        preview.path("resizes").forEach(id -> lines.add("  allocation " + id.asString() + " would change its limits"));
        preview.path("stops").forEach(id -> lines.add("  allocation " + id.asString() + " would be stopped"));
        preview.path("waits").forEach(wait -> {
            lines.add("  replicas " + joined(wait.path("indexes")) + " would wait: " + Fields.text(wait, "waits"));
            wait.path("reasons").forEach(reason -> lines.add("    " + reason.asString()));
        });
        if (preview.path("truncated").asBoolean(false)) {
            lines.add("  and more in later passes");
        }
        return lines;
    }

    private static String change(JsonNode preview) {
        return switch (Fields.text(preview, "change")) {
            case "created" -> "created";
            case "none" -> "left running as it is";
            case "scale" -> "scaled";
            case "live" -> "changed while replicas run";
            case "rolling" -> "changed, replicas replaced one after the other";
            default -> "changed (" + Fields.text(preview, "change") + ")";
        };
    }

    private static String joined(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asString)
                .collect(Collectors.joining(", "));
    }
}
