package dev.landlord.api.id;

/** The name of an image in the operator's catalogue, never a path. On the wire: a JSON string. */
public record ImageName(String value) implements Id {
    public ImageName {
        Id.require("ImageName", value, Id.NAME);
    }

    /** Parses the wire form; throws {@link IllegalArgumentException} that names the rule. */
    public static ImageName valueOf(String value) {
        return new ImageName(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
