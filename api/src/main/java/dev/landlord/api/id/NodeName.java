package dev.landlord.api.id;

/** The name of a node. On the wire: a JSON string. */
public record NodeName(String value) implements Id {
    public NodeName {
        Id.require("NodeName", value, Id.NAME);
    }

    /** Parses the wire form; throws {@link IllegalArgumentException} that names the rule. */
    public static NodeName valueOf(String value) {
        return new NodeName(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
